/** Whom supervisors watch: the agents of their campaigns; administrators everybody (F227, G19). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Meta } from "#shared/bus.ts";
import { notFound } from "#shared/errors.ts";
import * as users from "./users.store.ts";

type Watcher = Caller & { meta: Meta };

/** The campaigns whose agents a user watches; undefined: those of all. */
export async function watchedCampaigns(ctx: Watcher): Promise<string[] | undefined> {
  const { id: userId, role } = actorOf(ctx);
  if (role === "administrator") return undefined;
  const scopes = await ctx.call("campaigns.scopesOf", { userId });
  return scopes
    .filter((scope) => role === "supervisor" && scope.as === role)
    .map(({ campaignId }) => campaignId);
}

/** @throws 404 NOT_FOUND for who is not there, and for who is not watched: both look the same */
export async function requireWatched(ctx: Watcher, userId: string): Promise<void> {
  const campaignIds = await watchedCampaigns(ctx);
  if (campaignIds) {
    const agents = await ctx.call("campaigns.agentsOf", { ids: campaignIds });
    if (!agents.includes(userId)) throw notFound("user", userId);
  }
  await users.get(userId);
}
