/** What is done to cases at random, and what their change log alone tells of them (F115). */
import fc from "fast-check";
import type { ChangeEntry } from "#shared/contracts/audit.ts";

/** Something that a user does to a case; `place` chooses among what there is. */
export type Deed =
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
