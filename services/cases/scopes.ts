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

/** The filter that every reading of cases goes through. */
export const visibleTo = async (ctx: Caller & { meta: Meta }): Promise<Filter> =>
  visibleCases(actorOf(ctx), await scopesOf(ctx));
