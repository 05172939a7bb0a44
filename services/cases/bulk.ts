/** Many cases at once, as jobs: beginning, watching and cancelling them (F112, F126). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { BulkJob } from "#shared/contracts/cases/bulk.ts";
import { newId } from "#shared/ids.ts";
import { firstAnswer, write, type Tx } from "#shared/mongo/write.ts";
import { wakeBulk } from "./bulk-runner.ts";
import * as rules from "./bulk.rules.ts";
import { countFound } from "./bulk-choice.store.ts";
import { listRows, type Target } from "./bulk-rows.store.ts";
import * as store from "./bulk.store.ts";
import type { KeptJob } from "./bulk-tables.store.ts";
import { askedBy } from "./bulk-closing.ts";
import { again } from "./customer-moves.store.ts";
import { scopesOf, sightOf } from "./scopes.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

const keptMs = 30 * 86_400_000;

export const bulk = {
  /**
   * Begins to close cases that are named or found; each is closed as `cases.close` would.
   * @throws 403 FORBIDDEN; 409 TOO_MANY_JOBS; 422 VALIDATION_ERROR at `caseIds` or `filter`
   */
  async bulkClose(ctx: Asked<"bulkClose">): Promise<BulkJob> {
    const before = await firstAnswer<BulkJob>("cases", ctx);
    if (before) return before;
    const { caseIds, filter } = ctx.params;
    rules.requireChoice(ctx.params);
    await requireMayBulkClose(ctx);
    if (!filter) {
      const targets = [...new Set(caseIds)].map((caseId) => ({ caseId }));
      return begin(ctx, rules.begun("close", "running", facts(ctx, targets.length)), { targets });
    }
    const total = await countFound(askedBy(filter), await sightOf(ctx));
    rules.requireFew(total);
    return begin(ctx, rules.begun("close", "gathering", facts(ctx, total)), { filter });
  },

  /** @throws 409 TOO_MANY_JOBS */
  async bulkCreate(ctx: Asked<"bulkCreate">): Promise<BulkJob> {
    const { cases } = ctx.params;
    const job = rules.begun("create", "running", facts(ctx, cases.length));
    return begin(ctx, job, { targets: cases.map((input) => ({ input })) });
  },

  async listBulkJobs(ctx: Asked<"listBulkJobs">) {
    const { kind, state, ...paging } = ctx.params;
    return store.list({ ...ownOf(ctx), kind, state }, paging);
  },

  getBulkJob: (ctx: Asked<"getBulkJob">) => store.get(ctx.params.id, ownOf(ctx).createdBy),

  async listBulkRows(ctx: Asked<"listBulkRows">) {
    const { id, outcome, ...paging } = ctx.params;
    await store.get(id, ownOf(ctx).createdBy);
    return listRows(id, outcome, paging);
  },

  /** One that is over stays as it is. */
  async cancelBulkJob(ctx: Asked<"cancelBulkJob">) {
    const { id } = ctx.params;
    await store.get(id, ownOf(ctx).createdBy);
    const cancelled = await store.askToCancel(id);
    wakeBulk();
    return cancelled;
  },
};

const facts = (ctx: Ctx, total: number) => ({
  ...{ id: newId(), by: actorOf(ctx).id, at: new Date(), total },
});

/** Whose jobs somebody sees: an administrator everybody's. */
function ownOf(ctx: Ctx): { createdBy?: string } {
  const { id, role } = actorOf(ctx);
  return role === "administrator" ? {} : { createdBy: id };
}

/** Agents close in bulk where an own campaign lets them; which, each case tells (D05). */
async function requireMayBulkClose(ctx: Ctx): Promise<void> {
  if (actorOf(ctx).role !== "agent") return;
  const scopes = await scopesOf(ctx);
  const own = await Promise.all(
    scopes.map(({ campaignId }) => ctx.call("campaigns.describe", { id: campaignId })),
  );
  rules.requireSomeAllowed(own.map(({ options }) => options.allowAgentBulkClose));
}

async function begin(
  ctx: Ctx,
  job: BulkJob,
  { targets = [], filter }: { targets?: Target[]; filter?: KeptJob["filter"] },
): Promise<BulkJob> {
  const { id, kind, createdAt: at, createdBy: userId } = job;
  const kept = {
    ...job,
    ...{ actor: actorOf(ctx), dueAt: at, tried: 0, turn: 0 },
    expiresAt: new Date(at.getTime() + keptMs),
    ...(filter ? { filter } : {}),
  };
  const keep = async (tx: Tx<"cases">) => {
    rules.requireRoom(await store.unfinishedOf(userId, tx.session));
    await store.begin(kept, targets, tx.session);
    tx.announce({
      event: "cases.bulkStarted",
      aggregate: { kind: "bulkJob", id, version: 1 },
      changes: (["kind", "state", "total"] as const).map((field) => ({ field, new: job[field] })),
      data: { id, kind, userId },
    });
    return job;
  };
  const begun = await again(() => write("cases", ctx, keep)); // a user's very first job, twice at once
  wakeBulk();
  return begun;
}
