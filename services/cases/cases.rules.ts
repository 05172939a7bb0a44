/** What may be created by hand, and what becomes of it (F060-F068). Pure. */
import { changesBetween } from "#shared/changes.rules.ts";
import type { Campaign, CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Actor, Change } from "#shared/contracts/common.ts";
import { invalidField } from "#shared/errors.ts";
import { ownOf } from "./changing.rules.ts";
import { tagsOf } from "./tags.rules.ts";

/** What a user fills in, besides customer and campaign (F062), and what goes with it. */
export type Form = Pick<
  Case,
  | ("caseTypeId" | "subject" | "description" | "priority" | "accountId" | "accountNumber" | "tags")
  | ("interactionId" | "channelId")
>;

type CustomerCopy = Pick<Case, "customerId" | "customerName" | "customerDocument">;

/**
 * Refuses a form that cannot be kept whatever the neighbours say (F068).
 * @throws 422 VALIDATION_ERROR at `description`
 */
export function requireComplete({ description }: Form): void {
  if (description.trim() === "") throw invalidField("description", "must say something", "blank");
}

/** An account that is unknown, deleted or another customer's: all look alike (F067). */
export const notTheirAccount = () =>
  invalidField("accountId", "is not an account of this customer", "unknown");

/**
 * Whose case it is: a customer that is there, by id, or a new one given in place (F062).
 * @throws 422 VALIDATION_ERROR at `customerId` where none is given, or both
 */
export function party<C>({
  customerId,
  customer,
}: {
  customerId?: string;
  customer?: C;
}): { customerId: string } | { customer: C } {
  if (customerId && customer) {
    throw invalidField("customerId", "cannot be given together with a new customer", "exclusive");
  }
  if (customerId) return { customerId };
  if (customer) return { customer };
  throw invalidField("customerId", "is required, or a new customer", "required");
}

/**
 * The campaign of a new case: the one that was named, or the one that the user works in, or the
 * only one the user has (F065).
 * @throws 422 VALIDATION_ERROR at `campaignId` where none of these is there
 */
export function chosenCampaign(
  named: string | undefined,
  current: string | undefined,
  scopes: readonly CampaignScope[],
): string {
  const only = scopes.length === 1 ? scopes[0]?.campaignId : undefined;
  const chosen = named ?? current ?? only;
  if (!chosen) throw invalidField("campaignId", "is required: no campaign is chosen", "required");
  return chosen;
}

/** A campaign that is unknown looks like one that the user has no part in. */
export const notYourCampaign = () =>
  invalidField("campaignId", "is not one of your campaigns", "unknown");

/**
 * Refuses a campaign that takes no cases from this user, and a type of another campaign (F063).
 * @throws 422 VALIDATION_ERROR at `campaignId` or `caseTypeId`
 */
export function requireWorkable(
  campaign: Pick<Campaign, "id" | "enabled" | "caseTypes">,
  actor: Actor,
  scopes: readonly CampaignScope[],
  caseTypeId: string | undefined,
): void {
  const isOwn = scopes.some(({ campaignId }) => campaignId === campaign.id);
  if (actor.role !== "administrator" && !isOwn) throw notYourCampaign();
  if (!campaign.enabled) throw invalidField("campaignId", "is disabled", "disabled");
  requireCaseType(campaign, caseTypeId);
}

/**
 * Refuses a case type that the campaign does not have (F063).
 * @throws 422 VALIDATION_ERROR at `caseTypeId`
 */
export function requireCaseType(
  campaign: Pick<Campaign, "caseTypes">,
  caseTypeId: string | undefined,
): void {
  if (caseTypeId && !campaign.caseTypes.some(({ id }) => id === caseTypeId)) {
    throw invalidField("caseTypeId", "is not a case type of this campaign", "unknown");
  }
}

/**
 * A case as it begins when made by hand: new (G01), and an agent's own, who attends to the customer
 * in person (F060); of a supervisor or administrator it waits for an agent.
 */
export function opened(
  { tags: given, ...form }: Form,
  {
    id,
    number,
    campaignId,
    customer,
    actor,
    now,
  }: {
    id: string;
    number: number;
    campaignId: string;
    customer: CustomerCopy;
    actor: Actor;
    now: Date;
  },
): Case {
  const tags = tagsOf(given);
  return {
    ...form,
    ...(tags ? { tags } : {}),
    ...customer,
    id,
    number,
    status: "new",
    campaignId,
    ...(actor.role === "agent" ? { assigneeId: actor.id } : {}),
    interactionCount: 0,
    unreadCount: 0,
    version: 1,
    createdAt: now,
    createdBy: actor.id,
    updatedAt: now,
    updatedBy: actor.id,
  };
}

/** What the change log says of a new case (D18): all that it begins with, but for copies. */
export const changesOf = (kase: Case): Change[] =>
  changesBetween({}, ownOf(kase)).map(({ field, new: value }) => ({ field, new: value }));
