/** What is done to cases at random, and what their change log alone tells of them (F115). */
import fc from "fast-check";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { expected } from "../system/system.ts";
import type { Viewing } from "./viewing.ts";

/** Something that a user does to a case; `place` chooses among what there is. */
type Deed =
  | { kind: "edit"; form: Record<string, string | null> }
  | { kind: "customer"; place: number }
  | { kind: "account" | "unlink" | "enter" | "take" }
  | { kind: "fill"; plan: string };

const text = fc
  .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
  .filter((one) => one.trim() !== "");
const word = text.map((one) => `a${one.replaceAll(/\p{C}/gu, "")}`);
const place = fc.nat({ max: 2 });

const form = fc.record(
  {
    subject: fc.option(word),
    description: word,
    priority: fc.constantFrom("high", "medium", "low"),
    caseTypeId: fc.option(fc.constantFrom("one", "other")),
  },
  { requiredKeys: [] },
);

export const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: form.map((said) => ({ kind: "edit" as const, form: said })) },
    fc.record({ kind: fc.constant("customer" as const), place }),
    fc.record({ kind: fc.constantFrom("account", "unlink", "enter", "take") }),
    fc.record({ kind: fc.constant("fill" as const), plan: word }),
  ),
  { minLength: 1, maxLength: 8 },
);

/** What entries of one aggregate, the oldest first, make of what was there before them. */
export function folded(
  entries: readonly Pick<ChangeEntry, "changes">[],
  before: object = {},
): Record<string, unknown> {
  const document = structuredClone(before) as Record<string, unknown>;
  for (const { field, new: value } of entries.flatMap(({ changes }) => changes)) {
    const names = field.split(".");
    const last = names.pop() ?? "";
    let held = document;
    for (const name of names) held = (held[name] ??= {}) as Record<string, unknown>;
    if (value === null || value === undefined) Reflect.deleteProperty(held, last);
    else held[last] = value;
  }
  return document;
}

/** What of a case its log tells: not the trail, which its entries are, nor what messages and copies bring. */
export function told(kase: object): Record<string, unknown> {
  const left = [
    ...["id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy"],
    ...["interactionCount", "unreadCount", "lastInteraction", "lastCustomerUpdateAt"],
    ...["customerName", "customerDocument"],
  ];
  return Object.fromEntries(Object.entries(kase).filter(([name]) => !left.includes(name)));
}

/** Three customers with an account each, for cases to be given to. */
export async function people({ ask }: Viewing) {
  const make = async (name: string) => {
    const body = { firstName: name };
    const { id } = expected(await ask("POST", "/customers", { body }), 201).json<{ id: string }>();
    const account = { body: { number: `N-${name}` } };
    const added = await ask("POST", `/customers/${id}/accounts`, account);
    return { id, accountId: expected(added, 201).json<{ id: string }>().id };
  };
  return Promise.all(["Ada", "Bo", "Cleo"].map(make));
}
type People = Awaited<ReturnType<typeof people>>;

interface There {
  all: People;
  tab: string;
  caseTypes: Viewing["caseTypes"];
}

/** Method, path below the case, and body of what is asked for a deed. */
type Request = readonly [method: string, part: string, body?: object];

const requests: {
  readonly [K in Deed["kind"]]: (
    deed: Extract<Deed, { kind: K }>,
    kase: Case,
    there: There,
  ) => Request;
} = {
  edit: ({ form: { caseTypeId, ...form } }, _kase, { caseTypes }) => {
    const type = caseTypeId && caseTypes[caseTypeId === "one" ? 0 : 1]?.id;
    return ["PATCH", "", { ...form, ...(caseTypeId === undefined ? {} : { caseTypeId: type }) }];
  },
  account: (_deed, { customerId }, { all }) => {
    const own = all.find(({ id }) => id === customerId)?.accountId;
    return ["PATCH", "", { accountId: own ?? null }];
  },
  unlink: () => ["PATCH", "", { accountId: null }],
  customer: ({ place: at }, _kase, { all }) => ["PUT", "/customer", { customerId: all[at]?.id }],
  fill: ({ plan }, _kase, { tab }) => ["PUT", `/tabs/${tab}/values`, { values: { plan } }],
  enter: () => ["POST", "/enter"],
  take: () => ["POST", "/take"],
};

/** Does it as the agent, with the version of what it changes. */
export async function doTo(
  { ask, agent: { token }, caseTypes }: Viewing,
  kase: Case,
  deed: Deed,
  there: Omit<There, "caseTypes">,
): Promise<void> {
  const request = requests[deed.kind] as (deed: Deed, kase: Case, there: There) => Request;
  const [method, part, body] = request(deed, kase, { ...there, caseTypes });
  const path = `/cases/${kase.id}${part}`;
  const guarded = deed.kind === "fill" ? path : `/cases/${kase.id}`;
  const { headers } = expected(await ask("GET", guarded, { token }), 200);
  const asked = { token, headers: { "if-match": String(headers.etag) }, ...(body ? { body } : {}) };
  expected(await ask(method, path, asked), 200);
}
