/** What stands in the way of closing a case (F107-F111, D07), and what closing makes of it. Pure. */
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { ClosingReason } from "#shared/contracts/cases/closing.ts";
import { conflict, stale } from "#shared/errors.ts";
import { withStatus, type Stamp } from "./life.rules.ts";

/** What the neighbours say of a case that is to be closed, and of which case they said it. */
export interface Judgement {
  of: Pick<Case, "campaignId" | "customerId">;
  options: Pick<
    Campaign["options"],
    "allowCloseWithoutActivity" | "allowCloseWithIncompleteCustomer"
  >;
  /** The customer's required fields that are empty; nothing where they do not matter. */
  missing: NonNullable<ClosingReason["missing"]>;
}

/** Every reason why a case cannot be closed (F110, F111); none: it can. */
export function reasonsAgainst(kase: Case, { options, missing }: Judgement): ClosingReason[] {
  if (kase.status === "closed") {
    return [{ code: "CASE_CLOSED", message: "The case is closed already" }];
  }
  const hasActivity = (kase.activityCount ?? 0) > 0;
  return [
    ...(hasActivity || options.allowCloseWithoutActivity ? [] : [noActivity]),
    ...(missing.length === 0 || options.allowCloseWithIncompleteCustomer
      ? []
      : [incomplete(missing)]),
  ];
}

const noActivity: ClosingReason = {
  code: "NO_ACTIVITY",
  message: "The campaign wants an activity before a case is closed",
};

const incomplete = (missing: Judgement["missing"]): ClosingReason => ({
  code: "CUSTOMER_INCOMPLETE",
  message: `The campaign wants to know more of the customer: ${missing.join(", ")}`,
  missing,
});

/**
 * The case, closed for good (F107, F108).
 * @throws 409 CASE_CLOSED; 409 CASE_NOT_CLOSABLE with all `reasons`; 412 STALE_VERSION where it is
 *   not the case any more of which the neighbours were asked
 */
export function closed(kase: Case, judgement: Judgement, { at, by }: Stamp): Case {
  const after = withStatus(kase, "closed");
  const { of } = judgement;
  if (of.campaignId !== kase.campaignId || of.customerId !== kase.customerId) {
    throw stale("case", kase.id, kase.version);
  }
  const reasons = reasonsAgainst(kase, judgement);
  if (reasons.length > 0) {
    const { number } = kase;
    throw conflict(
      "CASE_NOT_CLOSABLE",
      `Case ${String(number)} cannot be closed: ${reasons.map(({ message }) => message).join("; ")}`,
      { number, reasons },
    );
  }
  return { ...after, closedAt: at, closedBy: by };
}
