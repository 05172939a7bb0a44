/**
 * Who sees which case (G04, D05, B09): one predicate, as a MongoDB filter for lists, counts and
 * searches and as a function for a single case. Combine a filter with others under `$and`.
 */
import type { CampaignScope } from "./contracts/campaigns.ts";
import type { Case } from "./contracts/cases.ts";
import type { Actor } from "./contracts/common.ts";

/** A MongoDB filter; `{}` is everything, for those who see everything. */
export type Filter = Record<string, unknown>;

/** What of a case decides who sees it. */
export type Placed = Pick<Case, "campaignId" | "assigneeId" | "channelId">;

const everything: Filter = {};
const nothing: Filter = { _id: { $in: [] } };

/** Administrators, the system itself and the rules that administrators made see everything (G04). */
export const seesEverything = ({ kind, role }: Actor): boolean =>
  kind === "system" || kind === "rule" || (kind === "user" && role === "administrator");

/** A scope counts only while its user still has the role that it was given for. */
export const inForce = (
  { kind, role }: Actor,
  scopes: readonly CampaignScope[],
): CampaignScope[] => (kind === "user" ? scopes.filter((scope) => scope.as === role) : []);

/** A campaign of the user's, and not one whose calls the user gets from another. */
export const isOwn = (scope: CampaignScope): boolean => scope.isLinked !== true;

const seesWhole = (scope: CampaignScope): boolean =>
  scope.as === "supervisor" || scope.agentsSeeAllCases;

/**
 * The cases that a user sees (G04): an administrator all; a supervisor those of the supervised
 * campaigns; an agent, in each of the own campaigns, the assigned ones and the unassigned ones that
 * came through a channel of theirs or were made by hand, or with `agentsSeeAllCases` all; of linked
 * campaigns the assigned ones (F208). Nobody else sees any.
 * @param scopes what `campaigns.scopesOf` answers for the user
 */
export function visibleCases(actor: Actor, scopes: readonly CampaignScope[]): Filter {
  if (seesEverything(actor)) return everything;

  const [whole, parts] = halves(inForce(actor, scopes));
  const seen = [
    ...(whole.length > 0 ? [{ campaignId: { $in: idsOf(whole) } }] : []),
    ...(parts.length > 0 ? [{ campaignId: { $in: idsOf(parts) }, assigneeId: actor.id }] : []),
    ...parts.filter(isOwn).map(({ campaignId, channelIds }) => ({
      campaignId,
      assigneeId: null,
      channelId: { $in: [...channelIds, null] },
    })),
  ];
  return seen.length > 0 ? { $or: seen } : nothing;
}

/** Whether a user sees this case: the same as `visibleCases`, for a case at hand. */
export function seesCase(actor: Actor, scopes: readonly CampaignScope[], one: Placed): boolean {
  if (seesEverything(actor)) return true;

  return inForce(actor, scopes).some(
    (scope) =>
      scope.campaignId === one.campaignId &&
      (seesWhole(scope) ||
        (one.assigneeId
          ? one.assigneeId === actor.id
          : isOwn(scope) && (!one.channelId || scope.channelIds.includes(one.channelId)))),
  );
}

/**
 * The cases that a user may read where one customer, or one case, is asked for: the visible ones,
 * and for an agent with `showOtherCampaigns` in one of the own campaigns also those of campaigns in
 * which the agent has no part (G04, F125, D05); in the own ones the own rules hold. What is not
 * visible may only be read. Lists over many customers go by `visibleCases`.
 */
export function readableOfCustomer(actor: Actor, scopes: readonly CampaignScope[]): Filter {
  const visible = visibleCases(actor, scopes);
  const own = inForce(actor, scopes).filter(isOwn);
  return own.some(showsOthers) ? { $or: [visible, { campaignId: { $nin: idsOf(own) } }] } : visible;
}

/** Whether a user may read this case: the same as `readableOfCustomer`, for a case at hand. */
export function readsCase(actor: Actor, scopes: readonly CampaignScope[], one: Placed): boolean {
  const own = inForce(actor, scopes).filter(isOwn);
  const isOfOthers = own.every(({ campaignId }) => campaignId !== one.campaignId);
  return seesCase(actor, scopes, one) || (isOfOthers && own.some(showsOthers));
}

const showsOthers = (scope: CampaignScope): boolean =>
  scope.as === "agent" && scope.showOtherCampaigns;

const idsOf = (scopes: readonly CampaignScope[]): string[] =>
  scopes.map(({ campaignId }) => campaignId);

const halves = (scopes: readonly CampaignScope[]): [CampaignScope[], CampaignScope[]] => [
  scopes.filter(seesWhole),
  scopes.filter((scope) => !seesWhole(scope)),
];
