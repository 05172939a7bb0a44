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

/** Administrators, and the system itself, see everything (G04). */
export const seesEverything = ({ kind, role }: Actor): boolean =>
  kind === "system" || (kind === "user" && role === "administrator");

/** A scope counts only while its user still has the role that it was given for. */
export const inForce = (
  { kind, role }: Actor,
  scopes: readonly CampaignScope[],
): CampaignScope[] => (kind === "user" ? scopes.filter((scope) => scope.as === role) : []);

const seesWhole = (scope: CampaignScope): boolean =>
  scope.as === "supervisor" || scope.agentsSeeAllCases;

/**
 * The cases that a user sees (G04): an administrator all; a supervisor those of the supervised
 * campaigns; an agent, in each of the own campaigns, the assigned ones and the unassigned ones that
 * came through a channel of theirs or were made by hand, or with `agentsSeeAllCases` all. Nobody
 * else sees any.
 * @param scopes what `campaigns.scopesOf` answers for the user
 */
export function visibleCases(actor: Actor, scopes: readonly CampaignScope[]): Filter {
  if (seesEverything(actor)) return everything;

  const [whole, parts] = halves(inForce(actor, scopes));
  const seen = [
    ...(whole.length > 0 ? [{ campaignId: { $in: idsOf(whole) } }] : []),
    ...(parts.length > 0 ? [{ campaignId: { $in: idsOf(parts) }, assigneeId: actor.id }] : []),
    ...parts.map(({ campaignId, channelIds }) => ({
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
          : !one.channelId || scope.channelIds.includes(one.channelId))),
  );
}

const idsOf = (scopes: readonly CampaignScope[]): string[] =>
  scopes.map(({ campaignId }) => campaignId);

const halves = (scopes: readonly CampaignScope[]): [CampaignScope[], CampaignScope[]] => [
  scopes.filter(seesWhole),
  scopes.filter((scope) => !seesWhole(scope)),
];
