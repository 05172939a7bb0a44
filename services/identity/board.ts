/** The live board of the agents, and the history of their states (F227, G19). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { invalidField, notFound } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { campaignNames } from "#shared/neighbours.ts";
import { neverSeen } from "./agent-states.rules.ts";
import * as states from "./agent-states.store.ts";
import * as rules from "./board.rules.ts";
import * as users from "./users.store.ts";
import { requireWatched, watchedCampaigns } from "./watching.ts";

type Actions = Contracts["identity"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const board = {
  async board(ctx: Asked<"board">) {
    const { campaignId, ...paging } = ctx.params;
    const now = new Date();
    const { campaignIds, zone } = await shownCampaigns(ctx, campaignId);
    const ids = campaignIds && (await ctx.call("campaigns.agentsOf", { ids: campaignIds }));
    const page = await users.pageOfAgents({ ...paging, ...(ids ? { ids } : {}) });

    const userIds = page.items.map(({ id }) => id);
    const current = page.items.flatMap(({ currentCampaignId }) => currentCampaignId ?? []);
    const [agents, sums, openCases, names] = await Promise.all([
      states.those(userIds),
      states.sums(userIds, rules.startOfDay(now, zone), now),
      workloads(ctx, userIds, campaignIds),
      campaignNames(ctx, current),
    ]);
    const items = page.items.map((account) => {
      const agent = agents.get(account.id) ?? neverSeen(account.id, account.createdAt);
      const own = sums.filter(({ userId }) => userId === account.id);
      return rules.boardRow({ account, agent, sums: own, openCases, names, now });
    });
    return { ...page, items };
  },

  async stateHistory(ctx: Asked<"stateHistory">) {
    const now = new Date();
    await requireWatched(ctx, ctx.params.userId);
    const page = await states.history(ctx.params);
    return { ...page, items: page.items.map((span) => rules.shownSpan(span, now)) };
  },

  async timesOf({ params: { userIds, from, to } }: Asked<"timesOf">) {
    const now = new Date();
    if (to < from) throw invalidField("to", "must not be before from", "range");
    const sums = await states.sums(userIds, from, to < now ? to : now);
    return sums.map(({ firstSignInAt: _unused, ...time }) => time);
  },
};

/** Whose agents are shown, and the zone that says when today began. */
async function shownCampaigns(ctx: Asked<"board">, campaignId: string | undefined) {
  const watched = await watchedCampaigns(ctx);
  if (!campaignId) return { campaignIds: watched, zone: "UTC" };
  if (watched && !watched.includes(campaignId)) throw notFound("campaign", campaignId);
  const { timeZone } = await ctx.call("campaigns.describe", { id: campaignId });
  return { campaignIds: [campaignId], zone: timeZone };
}

/** How many open cases each has; undefined while cases is away: the board goes on without. */
async function workloads(ctx: Asked<"board">, userIds: string[], campaignIds?: string[]) {
  try {
    const asked = { userIds, ...(campaignIds ? { campaignIds } : {}) };
    const found = await ctx.call("cases.workloadsOf", asked);
    return new Map(found.map(({ userId, openCases }) => [userId, openCases]));
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return undefined;
  }
}
