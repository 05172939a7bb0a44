/** What the user who asks may see of the cases (G04, B09). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Meta } from "#shared/bus.ts";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import { visibleCases, type Filter } from "#shared/visibility.ts";

/**
 * The campaigns that the user has a part in, in the role that the user has now; an administrator needs none. Asked anew each time, so
 * that somebody taken off a campaign sees nothing of it from that moment.
 */
export async function scopesOf(ctx: Caller & { meta: Meta }): Promise<CampaignScope[]> {
  const actor = actorOf(ctx);
  if (actor.kind !== "user" || actor.role === "administrator") return [];
  const scopes = await ctx.call("campaigns.scopesOf", { userId: actor.id });
  return scopes.filter(({ as }) => as === actor.role);
}

/** What a user sees, and whether that is single cases rather than whole campaigns. */
export interface Sight {
  visible: Filter;
  isNarrow: boolean;
}

export async function sightOf(ctx: Caller & { meta: Meta }): Promise<Sight> {
  const actor = actorOf(ctx);
  const scopes = await scopesOf(ctx);
  const seesWhole = actor.role !== "agent" || scopes.some((scope) => scope.agentsSeeAllCases);
  return {
    visible: visibleCases(actor, scopes),
    isNarrow: scopes.length > 0 && !seesWhole,
  };
}

/** The filter that every reading of cases goes through. */
export const visibleTo = async (ctx: Caller & { meta: Meta }): Promise<Filter> =>
  (await sightOf(ctx)).visible;
