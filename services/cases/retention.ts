/** Runs through closed cases that take their content away: begun at once, and looked at (B08). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { RetentionRun } from "#shared/contracts/cases/retention.ts";
import { conflict } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Cause } from "#shared/mongo/write.ts";
import * as rules from "./retention.rules.ts";
import { wakeRetention } from "./retention-bell.ts";
import * as store from "./retention.store.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const retention = {
  /**
   * @throws 404 NOT_FOUND; 409 RETENTION_OFF, RETENTION_RUNNING with `existingId`; 422 at
   *   `retentionDays`
   */
  async startRetention(ctx: Asked<"startRetention">): Promise<RetentionRun> {
    const { id: campaignId, dryRun, retentionDays: asked } = ctx.params;
    await ctx.call("campaigns.describe", { id: campaignId });
    const own = await daysOf(ctx, campaignId);
    const retentionDays = rules.daysOf({ dryRun, retentionDays: asked }, own);
    return begin(ctx, { campaignId, dryRun, retentionDays });
  },

  listRetentionRuns: (ctx: Asked<"listRetentionRuns">) => store.list(ctx.params),
  getRetentionRun: (ctx: Asked<"getRetentionRun">) => store.get(ctx.params.id),
};

/** For how many days a campaign keeps the content of its closed cases; undefined: for ever. */
export async function daysOf(caller: Caller, campaignId: string): Promise<number | undefined> {
  const { items } = await caller.call("campaigns.retentions", { id: campaignId, limit: 1 });
  return items[0]?.retentionDays;
}

/**
 * Begins a run in the name of who asks.
 * @throws 409 RETENTION_RUNNING with `existingId`
 */
export async function begin(
  cause: Cause,
  of: Pick<RetentionRun, "campaignId" | "dryRun" | "retentionDays">,
): Promise<RetentionRun> {
  try {
    const { progress: _progress, ...run } = await write("cases", cause, async (tx) => {
      const stamp = { at: new Date(), by: actorOf(cause).id };
      const begun = rules.begun({ id: newId(), ...of }, stamp);
      await store.begin(begun, tx.session);
      const { id, campaignId, dryRun, retentionDays } = begun;
      tx.announce({
        event: "cases.retentionStarted",
        aggregate: { kind: "retentionRun", id, version: 1 },
        changes: [{ field: "retentionDays", old: null, new: retentionDays }],
        data: { id, campaignId, dryRun },
      });
      return begun;
    });
    wakeRetention();
    return run;
  } catch (error) {
    if (!store.isRunning(error)) throw error;
    const existingId = await store.underWay(of);
    throw conflict("RETENTION_RUNNING", "The campaign has such a run under way", { existingId });
  }
}
