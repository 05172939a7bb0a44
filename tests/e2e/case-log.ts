/** What is done to cases at random, and what their change log alone tells of them (F115). */
import fc from "fast-check";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { expected } from "../system/system.ts";
import type { Viewing } from "./viewing.ts";

/** Something that a user does to a case; `place` chooses among what there is. */
type Deed =
  | { kind: "edit"; form: Record<string, string | null> }
  | { kind: "account" | "customer"; place: number }
  | { kind: "unlink" | "enter" | "take" }
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
    fc.record({ kind: fc.constantFrom("account" as const, "customer" as const), place }),
    fc.record({ kind: fc.constantFrom("unlink" as const, "enter" as const, "take" as const) }),
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

/** @param has the customers to choose among, and the tab to fill in */
export async function doTo(
  { ask, agent: { token }, caseTypes }: Viewing,
  kase: Case,
  deed: Deed,
  { all, tab }: { all: People; tab: string },
): Promise<void> {
  const headers = { "if-match": `"${String(kase.version)}"` };
  const path = `/cases/${kase.id}`;
  switch (deed.kind) {
    case "edit": {
      const { caseTypeId, ...form } = deed.form;
      const type = caseTypeId && caseTypes[caseTypeId === "one" ? 0 : 1]?.id;
      const body = { ...form, ...(caseTypeId === undefined ? {} : { caseTypeId: type }) };
      expected(await ask("PATCH", path, { token, headers, body }), 200);
      return;
    }
    case "account": {
      const accountId = all.find(({ id }) => id === kase.customerId)?.accountId;
      const body = { accountId };
      if (accountId) expected(await ask("PATCH", path, { token, headers, body }), 200);
      return;
    }
    case "unlink":
      expected(await ask("PATCH", path, { token, headers, body: { accountId: null } }), 200);
      return;
    case "customer": {
      const body = { customerId: all[deed.place]?.id };
      expected(await ask("PUT", `${path}/customer`, { token, headers, body }), 200);
      return;
    }
    case "fill": {
      const values = { values: { plan: deed.plan } };
      const read = expected(await ask("GET", `${path}/tabs/${tab}/values`, { token }), 200);
      const ifMatch = { "if-match": String(read.headers.etag) };
      const more = { token, body: values, headers: ifMatch };
      expected(await ask("PUT", `${path}/tabs/${tab}/values`, more), 200);
      return;
    }
    default:
      expected(await ask("POST", `${path}/${deed.kind}`, { token }), 200);
  }
}
