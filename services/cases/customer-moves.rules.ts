/** A case that becomes another customer's: by hand (F037), or because of a merge (F042). Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import type { Change } from "#shared/contracts/common.ts";
import { invalidField, stale } from "#shared/errors.ts";
import { requireOpen } from "./life.rules.ts";
import { slotFor } from "./filing.rules.ts";

/** The customer as cases carry it. */
export type CustomerCopy = Pick<Case, "customerId" | "customerName" | "customerDocument">;

/** The place that a case holds or held; see `KeptCase`. */
export interface Places {
  slot?: string;
  formerSlot?: string;
}

/**
 * Refuses a case that cannot be given to another customer.
 * @throws 412 STALE_VERSION · 409 CASE_CLOSED (D04)
 */
export function requireMovable(kase: Case, version: number): void {
  requireOpen(kase);
  if (kase.version !== version) throw stale("case", kase.id, kase.version);
}

/** A customer that is unknown, or was merged away: the form has to show the one that is there. */
export const notACustomer = () =>
  invalidField("customerId", "is not a customer, or was merged into another", "unknown");

/** The places of a case, as another customer's. */
export function placesFor({ slot, formerSlot }: Places, from: string, to: string): Places {
  return {
    ...(slot === undefined ? {} : { slot: slotFor(slot, from, to) }),
    ...(formerSlot === undefined ? {} : { formerSlot: slotFor(formerSlot, from, to) }),
  };
}

/**
 * The places that a moved case keeps: where another open case has its place already, that one keeps
 * it, and this one stays open without, to be joined by answers only.
 */
export function placesKept(places: Places, taken: ReadonlySet<string>): Places {
  const { slot, ...others } = places;
  return slot === undefined || taken.has(slot) ? others : places;
}

/**
 * The case as its new customer's. By hand it also loses its account, which is the former
 * customer's; a merge moves the accounts along.
 */
export function withCustomer(
  kase: Case,
  { customerId, customerName, customerDocument }: CustomerCopy,
  { at, by, keepsAccount }: { at: Date; by?: string; keepsAccount: boolean },
): Case {
  const { customerName: _name, customerDocument: _document, ...others } = kase;
  const { accountId: _accountId, accountNumber: _accountNumber, ...rest } = others;
  return {
    ...(keepsAccount ? others : rest),
    customerId,
    ...(customerName ? { customerName } : {}),
    ...(customerDocument ? { customerDocument } : {}),
    version: kase.version + 1,
    updatedAt: at,
    ...(by ? { updatedBy: by } : {}),
  };
}

/** What the change log says of it (F116). */
export const changesOf = (before: Case, after: Case): Change[] =>
  (["customerId", "accountId", "accountNumber"] as const).flatMap((field) =>
    before[field] === after[field]
      ? []
      : [{ field, old: before[field] ?? null, new: after[field] ?? null }],
  );
