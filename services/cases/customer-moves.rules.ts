/** A case that becomes another customer's: by hand (F037), or because of a merge (F042). Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import type { Change } from "#shared/contracts/common.ts";
import { conflict, invalidField, stale } from "#shared/errors.ts";
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
export function requireMovable({ id, number, status, version: own }: Case, version: number): void {
  if (own !== version) throw stale("case", id, own);
  if (status === "closed") {
    throw conflict("CASE_CLOSED", `Case ${number} is closed`, { number });
  }
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
  const { customerName: _name, customerDocument: _document, accountId, ...rest } = kase;
  return {
    ...rest,
    customerId,
    ...(customerName ? { customerName } : {}),
    ...(customerDocument ? { customerDocument } : {}),
    ...(accountId && keepsAccount ? { accountId } : {}),
    version: kase.version + 1,
    updatedAt: at,
    ...(by ? { updatedBy: by } : {}),
  };
}

/** What the change log says of it: ids only, which tell of nobody (F116). */
export const changesOf = (before: Case, after: Case): Change[] =>
  (["customerId", "accountId"] as const).flatMap((field) =>
    before[field] === after[field]
      ? []
      : [{ field, old: before[field] ?? null, new: after[field] ?? null }],
  );
