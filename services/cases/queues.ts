/** Taking a case by hand, the pending list, and how a campaign's queue stands (G07, D14, B10). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { notFound } from "#shared/errors.ts";
import { write } from "#shared/mongo/write.ts";
import { userNames } from "#shared/neighbours.ts";
import { readsCase, seesCase } from "#shared/visibility.ts";
import { handOver } from "./assigning.store.ts";
import * as store from "./cases.store.ts";
import { pendingOf, waitingIn } from "./queue.store.ts";
import { scopesOf, sightOf } from "./scopes.ts";
import * as rules from "./taking.rules.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const queues = {
  /**
   * Takes a case that nobody has; taking it again is as once.
   * @throws 403 READ_ONLY or FORBIDDEN; 404 NOT_FOUND; 409 CASE_CLOSED, CASE_TAKEN
   */
  async take(ctx: Asked<"take">): Promise<Case> {
    const taker = actorOf(ctx);
    const seen = await store.get(ctx.params.id, {}).catch(async (refusal: unknown) => {
      // where it was merged is told to those only who see where to
      await store.get(ctx.params.id, (await sightOf(ctx)).readable);
      throw refusal;
    });
    await requireMayTake(ctx, seen);
    await requireFree(ctx, seen);

    const taken = await write("cases", ctx, async (tx) => {
      const kase = await store.get(seen.id, {}, tx.session);
      if (kase.status === "closed" || kase.assigneeId) return kase; // somebody was first
      const handover = { kase, assigneeId: taker.id, how: "take" as const };
      await handOver(tx, [handover], { at: new Date(), by: taker.id });
      return store.get(kase.id, {}, tx.session);
    });
    await requireFree(ctx, taken);
    return taken;
  },

  async listPending(ctx: Asked<"listPending">) {
    const { visible } = await sightOf(ctx);

    return pendingOf(actorOf(ctx).id, visible, ctx.params);
  },

  /** @throws 404 NOT_FOUND, alike for a campaign that is not there and one of others */
  async queue(ctx: Asked<"queue">) {
    const { id: campaignId } = ctx.params;
    const { role } = actorOf(ctx);
    const isOwn = (await scopesOf(ctx)).some((scope) => scope.campaignId === campaignId);
    if (role !== "administrator" && !isOwn) throw notFound("campaign", campaignId);
    if (!isOwn) await ctx.call("campaigns.describe", { id: campaignId });

    const byChannel = await waitingIn(campaignId);
    const oldest = Math.min(...byChannel.map(({ oldestAt }) => oldestAt.getTime()));
    const count = byChannel.reduce((sum, line) => sum + line.count, 0);
    return { campaignId, count, oldestAt: count > 0 ? new Date(oldest) : null, byChannel };
  },
};

async function requireMayTake(ctx: Ctx, kase: Case): Promise<void> {
  const taker = actorOf(ctx);
  const scopes = await scopesOf(ctx);
  const { assigneeId: _holder, ...unassigned } = kase;
  rules.requireMayTake(kase, {
    has: seesCase(taker, scopes, kase) && kase.assigneeId === taker.id,
    sees: seesCase(taker, scopes, unassigned),
    reads: readsCase(taker, scopes, kase),
    scope: scopes.find(({ campaignId }) => campaignId === kase.campaignId),
  });
}

/** The name of who has it is asked for only where somebody else has. */
async function requireFree(ctx: Ctx, kase: Case): Promise<void> {
  const { id: takerId } = actorOf(ctx);
  const { assigneeId = takerId } = kase;
  const names = await userNames(ctx, assigneeId === takerId ? [] : [assigneeId]);
  rules.requireFree(kase, takerId, (userId) => names.get(userId));
}
