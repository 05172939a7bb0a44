/** What a case that is made out of a session or call has of it (F137, F070). Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import { invalidField } from "#shared/errors.ts";

/** An interaction that a case is made out of, and the case that it is in. */
export interface Source {
  interactionId: string;
  channelId: string;
  kase: Pick<Case, "id" | "customerId" | "campaignId">;
}

/** An interaction that opened nothing, or has no case yet. */
export const inNoCase = () => invalidField("interactionId", "is in no case", "unfiled");

/**
 * The campaign is the interaction's case's: no other may be named.
 * @throws 422 VALIDATION_ERROR at `campaignId`
 */
export function requireSameCampaign(named: string | undefined, { kase }: Source): void {
  if (named === undefined || named === kase.campaignId) return;
  throw invalidField("campaignId", "is not the campaign of the interaction's case", "other");
}

/** The customer is the interaction's case's: no other may be named. */
export const otherCustomer = (field: "customerId" | "customer") =>
  invalidField(field, "is not the customer of the interaction's case", "other");

/** The name of the file that keeps what was said. */
export const transcriptName = ({ number }: Pick<Case, "number">, language: "en" | "es"): string =>
  `${language === "es" ? "transcripcion" : "transcript"}-${String(number)}.txt`;
