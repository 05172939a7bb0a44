/** Who may get a case, where it may go, and what becomes of it there (F083-F090, G01). Pure. */
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { conflict, invalidField } from "#shared/errors.ts";
import { withStatus } from "./life.rules.ts";

/** What is asked for: `assigneeId` null is nobody; left out, whoever gets it in another campaign. */
export interface Wish {
  assigneeId?: string | null | undefined;
  campaignId?: string | undefined;
  reason?: string | undefined;
}

type Way = "user" | "campaign" | "nobody";

/** Where a case goes: a campaign that is there, and somebody of it or nobody. */
export interface Destination {
  way: Way;
  campaign: Pick<Campaign, "id" | "channelIds">;
  assigneeId: string | undefined;
  reason: string | undefined;
}

/**
 * Which way a case would go; with its own campaign it stays there.
 * @throws 422 at `assigneeId` where nothing is asked for, or what is so already
 */
export function wayOf(kase: Case, { assigneeId, campaignId }: Wish): Way {
  if (campaignId !== undefined && campaignId !== kase.campaignId) return "campaign";
  if (assigneeId === undefined) {
    throw invalidField("assigneeId", "is required, or another campaign", "required");
  }
  if (assigneeId === (kase.assigneeId ?? null)) {
    throw invalidField("assigneeId", "is who has the case already", "unchanged");
  }
  return assigneeId === null ? "nobody" : "user";
}

const optionOf = { user: "allowUserTransfer", campaign: "allowCampaignTransfer" } as const;

/**
 * Refuses what the campaign that the case is leaving does not allow, whoever asks (F089, F090, D05).
 * Giving a case back is always allowed: nobody is made to keep what somebody cannot do.
 * @throws 409 TRANSFER_NOT_ALLOWED naming the `option`
 */
export function requireAllowed(way: Way, options: Campaign["options"]): void {
  if (way === "nobody" || options[optionOf[way]]) return;
  const message =
    way === "user"
      ? "The campaign allows no transfers between its users"
      : "The campaign allows no transfers to other campaigns";
  throw conflict("TRANSFER_NOT_ALLOWED", message, { option: optionOf[way] });
}

/** A user, as identity tells of one. */
export interface Person {
  id: string;
  name: string;
  role: "administrator" | "supervisor" | "agent";
  disabled: boolean;
}

/** The users who see a case of a campaign once it is theirs (G04). */
export const attendantIds = ({
  enabled,
  agents,
  supervisorIds,
}: Pick<Campaign, "enabled" | "agents" | "supervisorIds">): string[] => [
  ...new Set([...(enabled ? agents.map(({ userId }) => userId) : []), ...supervisorIds]),
];

/** Whether somebody is of the campaign in the role that the user has now. */
export function isOf(
  { enabled, agents, supervisorIds }: Pick<Campaign, "enabled" | "agents" | "supervisorIds">,
  { id, role, disabled }: Person,
): boolean {
  if (disabled) return false;
  if (role === "supervisor") return supervisorIds.includes(id);
  return role === "agent" && enabled && agents.some(({ userId }) => userId === id);
}

/** @throws 422 at `assigneeId`: unknown, disabled and not of the campaign look alike */
export function requireOf(campaign: Campaign, person: Person | undefined): void {
  if (person && isOf(campaign, person)) return;
  throw invalidField("assigneeId", "is not one of the campaign's users", "unknown");
}

/** @throws 422 at `campaignId` */
export function requireOpenCampaign(campaign: Campaign): void {
  if (!campaign.enabled) throw invalidField("campaignId", "is disabled", "disabled");
}

/**
 * The case where it goes (G01). In another campaign its type means nothing; where that does not have
 * its channel either, it is like a case made by hand: of every agent there. It keeps its place for
 * messages, so that the conversation goes on in it.
 * @throws 409 CASE_CLOSED, ILLEGAL_TRANSITION
 */
export function transferred(kase: Case, { campaign, assigneeId, reason }: Destination): Case {
  const { assigneeId: _former, ...rest } = placedIn(campaign, withStatus(kase, "transferred"));
  return { ...withReason(rest, reason), ...(assigneeId ? { assigneeId } : {}) };
}

function placedIn({ id, channelIds }: Destination["campaign"], kase: Case): Case {
  if (id === kase.campaignId) return kase;
  const { caseTypeId: _type, channelId, ...rest } = kase;
  const keepsChannel = channelId !== undefined && channelIds.includes(channelId);
  return { ...rest, campaignId: id, ...(keepsChannel ? { channelId } : {}) };
}

/** Why it was handed on this time, if that was said. */
function withReason({ handoverReason: _former, ...kase }: Case, reason: string | undefined): Case {
  return reason ? { ...kase, handoverReason: reason } : kase;
}

/** @throws 409 CASE_CLOSED; ILLEGAL_TRANSITION for one that is escalated already */
export const escalated = (kase: Case, reason: string | undefined): Case =>
  withReason(withStatus(kase, "escalated"), reason);
