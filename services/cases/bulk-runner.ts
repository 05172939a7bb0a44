/**
 * Drives jobs over many cases on, step by step, until each is over (F112, F126). Each case is a
 * command of its own, known by its job and place: done twice it is done once and answers as the first
 * time. So whatever is killed or away, a job goes on from what it has kept.
 */
import type { Logger } from "moleculer";
import { system } from "#shared/actor.ts";
import type { Broker, Caller, Meta } from "#shared/bus.ts";
import { isRefusal } from "#shared/errors.ts";
import { bells } from "#shared/events/bell.ts";
import { faultOf, type Lease } from "#shared/events/lease.ts";
import { isAbsence, isPassing } from "#shared/faults.ts";
import { write } from "#shared/mongo/write.ts";
import { workOff } from "#shared/jobs.ts";
import { found, refusals } from "./bulk-closing.ts";
import * as rules from "./bulk.rules.ts";
import * as rowStore from "./bulk-rows.store.ts";
import * as store from "./bulk.store.ts";
import type { KeptJob, KeptRow } from "./bulk-tables.store.ts";

/** What was begun in another replica is found this late. */
const sweepMs = 500;
const jobsAtOnce = 10;
const rowsAtOnce = 20;
/** How many cases are worked on side by side: few, for others work, too. */
const abreast = 4;
/** Until a neighbour that is away is asked again. */
const waitMs = 2_000;
/** Of several changes of one case at once, ours waits for the others. */
const mostStale = 5;

const news = bells();

/** Tells the runner of this process, if it is the one at work, that there is a job. */
export const wakeBulk = news.ring;

/** Works jobs off while this replica holds the lease for it. */
export const startBulk = (broker: Broker, logger: Logger): Lease =>
  workOff({
    ...{ service: "cases", role: "bulk", logger, news, sweepMs },
    async round() {
      const due = await store.due(new Date(), jobsAtOnce);
      for (const job of due) await step(broker, logger, job);
      return due.length;
    },
  });

async function step(broker: Broker, logger: Logger, job: KeptJob): Promise<void> {
  try {
    if (job.state === "cancelling" || (await isGone(broker, job))) await cancel(job);
    else if (job.state === "gathering") await gather(broker, job);
    else await run(broker, job);
  } catch (error) {
    if (error instanceof store.Overtaken) return;
    logger.warn("A job over many cases goes on later", { id: job.id, ...faultOf(error) });
    const later = { dueAt: new Date(Date.now() + waitMs) };
    await store.advance(job, later).catch(() => undefined);
  }
}

/** Who is disabled, or in another role, has no more done in the former name. */
async function isGone(broker: Broker, { actor }: KeptJob): Promise<boolean> {
  const [user] = await broker.call("identity.namesOf", { ids: [actor.id] });
  return !user || user.disabled || user.role !== actor.role;
}

async function gather(broker: Broker, job: KeptJob): Promise<void> {
  const { targets, cursor } = await found(onBehalf(broker, job), job);
  await write("cases", byUs, async ({ session }) => {
    const gathered = await rowStore.lastPlace(job.id, session);
    await store.gather(job, targets, { gathered, cursor }, session);
  });
}

async function run(broker: Broker, job: KeptJob): Promise<void> {
  const rows = await rowStore.pending(job.id, rowsAtOnce);
  if (rows.length === 0) return finish(job, "done");
  const outcomes = await outcomesOf(broker, job, rows);
  const settled = rows.flatMap(({ id }) => {
    const outcome = outcomes.get(id);
    return outcome ? [{ id, ...outcome }] : [];
  });
  const refused = settled.filter(({ outcome }) => outcome === "refused").length;
  const isStuck = settled.length < rows.length;
  await write("cases", byUs, async ({ session }) => {
    await rowStore.settle(settled, session);
    const counted = {
      done: job.done + settled.length - refused,
      refused: job.refused + refused,
    };
    const next = isStuck
      ? { tried: job.tried + 1, dueAt: new Date(Date.now() + waitMs) }
      : { tried: 0 };
    await store.advance(job, { ...counted, ...next }, session);
  });
}

/** What became of these cases, by row; those that are to be tried later are left out. */
async function outcomesOf(broker: Broker, job: KeptJob, rows: readonly KeptRow[]) {
  const outcomes = new Map<string, rules.Outcome>();
  const ids = rows.flatMap(({ caseId }) => caseId ?? []);
  const refused = ids.length > 0 ? await refusals(onBehalf(broker, job), ids) : undefined;
  const left = [...rows];
  const work = async () => {
    for (let row = left.shift(); row; row = left.shift()) {
      const outcome = refused?.get(row.caseId ?? "") ?? (await outcomeOf(broker, job, row));
      if (outcome) outcomes.set(row.id, outcome);
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));
  return outcomes;
}

async function outcomeOf(
  broker: Broker,
  job: KeptJob,
  row: KeptRow,
  stale = 0,
): Promise<rules.Outcome | undefined> {
  const caller = onBehalf(broker, job, `${job.id}:${String(row.place)}`);
  try {
    const { id: caseId, number } = row.input
      ? await caller.call("cases.create", row.input)
      : await caller.call("cases.close", { id: String(row.caseId) });
    return { outcome: "done", caseId, number };
  } catch (error) {
    if (isStale(error) && stale < mostStale) return outcomeOf(broker, job, row, stale + 1);
    const isAway = isAbsence(error) || isPassing(error);
    return isAway ? undefined : rules.outcomeOf(error, job.tried);
  }
}

const isStale = (error: unknown): boolean => isRefusal(error) && error.type === "STALE_VERSION";

async function cancel(job: KeptJob): Promise<void> {
  await rowStore.skipRest(job.id);
  await finish(job, "cancelled");
}

async function finish(job: KeptJob, state: "done" | "cancelled"): Promise<void> {
  const { id, kind, total, done, refused, createdBy: userId } = job;
  await write("cases", byUs, async (tx) => {
    const over = { state, finishedAt: new Date() };
    await store.advance(job, over, tx.session, ["dueAt", "filter", "cursor"]);
    tx.announce({
      event: "cases.bulkFinished",
      aggregate: { kind: "bulkJob", id, version: 2 },
      changes: Object.entries({ state, done, refused }).map(([field, value]) => ({
        ...{ field, new: value },
      })),
      data: { id, kind, userId, state, total, done, refused },
    });
  });
}

const byUs = { meta: { actor: system } };

/** Asks in the name of whoever began the job. */
function onBehalf(
  broker: Broker,
  { id: requestId, actor }: KeptJob,
  commandId?: string,
): Caller & { meta: Meta } {
  const meta = { actor, requestId, ...(commandId ? { commandId } : {}) };
  const call = (action: never, params: never, options: object = {}) =>
    broker.call(action, params, { ...options, meta });
  return { call: call as unknown as Caller["call"], meta };
}
