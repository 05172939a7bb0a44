/** What the user who asks may see of the cases (G04, B09). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Meta } from "#shared/bus.ts";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import {
  readableOfCustomer,
  seesCase,
  seesEverything,
  visibleCases,
  type Filter,
  type Placed,
} from "#shared/visibility.ts";
import { closedLine, lineOfAgent, lineOfQueue } from "./lines.rules.ts";

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

/** What a user sees. */
export interface Sight {
  userId: string;
  visible: Filter;
  /** The same with what may be read of one customer, or by its id (F125). */
  readable: Filter;
  /** The campaigns of what is visible; none where it is all. */
  campaignIds?: readonly string[];
  /** Where that is single cases rather than whole campaigns, the lines that they stand in. */
  lines?: readonly string[];
  /** A case that may be read, as the user is shown it: only that where it is not visible. */
  shown: <C extends Placed>(kase: C) => C & { readOnly?: true };
}

export async function sightOf(ctx: Caller & { meta: Meta }): Promise<Sight> {
  const actor = actorOf(ctx);
  const scopes = await scopesOf(ctx);
  const isNarrow = actor.role === "agent" && !scopes.some((scope) => scope.agentsSeeAllCases);
  return {
    userId: actor.id,
    visible: visibleCases(actor, scopes),
    readable: readableOfCustomer(actor, scopes),
    ...(seesEverything(actor) ? {} : { campaignIds: scopes.map(({ campaignId }) => campaignId) }),
    ...(isNarrow ? { lines: linesOf(actor.id, scopes) } : {}),
    shown: (kase) => (seesCase(actor, scopes, kase) ? kase : { ...kase, readOnly: true }),
  };
}

/** Where the cases stand that an agent sees of these campaigns; some in there belong to others. */
function linesOf(userId: string, scopes: readonly CampaignScope[]): string[] {
  const queues = scopes.flatMap(({ campaignId, channelIds }) =>
    [...channelIds, undefined].map((channelId) => lineOfQueue(campaignId, channelId)),
  );
  const open = [lineOfAgent(userId), ...queues];
  return [...open, ...open.map(closedLine)];
}
