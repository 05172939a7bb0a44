/**
 * Begins runs through closed cases every night, and drives them on, step by step, until each is over
 * (B08). Where it stands is kept after every step, and a step twice is as once: whatever is killed or
 * away, it goes on from there.
 */
import type { Logger } from "moleculer";
import { system } from "#shared/actor.ts";
import type { Broker } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import { caseHolders } from "#shared/contracts/privacy.ts";
import { eraseLogOf } from "#shared/erased-log.ts";
import { isRefusal } from "#shared/errors.ts";
import { faultOf, holdLease, type Lease } from "#shared/events/lease.ts";
import { isAbsence, isPassing } from "#shared/faults.ts";
import { write } from "#shared/mongo/write.ts";
import { familiesAmong, nextClosed, type Family } from "./emptying.store.ts";
import { begin, daysOf } from "./retention.ts";
import { news } from "./retention-bell.ts";
import * as rules from "./retention.rules.ts";
import * as store from "./retention.store.ts";

/** What was begun in another replica is found this late. */
const sweepMs = 1_000;
const runsAtOnce = 10;
const casesAtOnce = 20;
/** Until a neighbour that is away is asked again. */
const waitMs = 2_000;
const campaignsAtOnce = 100;
const byUs = { meta: { actor: system } };

/** Runs while this replica holds the lease for it. */
export const startRetention = (broker: Broker, logger: Logger): Lease =>
  holdLease({
    service: "cases",
    role: "retention",
    logger,
    async work(held) {
      const alarm = news.hang(held);
      let failures = 0;
      while (!held.aborted) {
        try {
          await beginNight(broker, new Date());
          failures = 0;
        } catch (error) {
          if (failures === 0) logger.warn("Tonight's retention begins later", faultOf(error));
          failures += 1;
        }
        const due = await store.due(new Date(), runsAtOnce).catch(() => []);
        for (const run of due) await step(broker, logger, run);
        if (due.length === 0) await alarm.wait(sweepMs);
      }
    },
  });

/**
 * Begins a run for each campaign that keeps content for a time only, once a night. A system that was
 * set up today begins with its first night.
 */
async function beginNight(broker: Broker, now: Date): Promise<void> {
  const night = rules.nightOf(now, config().RETENTION_HOUR);
  if (await store.isBegun(night)) return;
  if (await store.isBegun()) await beginAll(broker, now);
  await store.noteBegun(night, now);
}

async function beginAll(broker: Broker, now: Date): Promise<void> {
  for (let after: string | null | undefined; after !== null;) {
    const page = await broker.call(
      "campaigns.retentions",
      { limit: campaignsAtOnce, ...(after ? { cursor: after } : {}) },
      byUs,
    );
    for (const { id: campaignId, retentionDays } of page.items) {
      const of = { campaignId, retentionDays, dryRun: false };
      const { closedBefore } = rules.begun({ id: "", ...of }, { at: now, by: system.id });
      if ((await nextClosed({ campaignId, closedBefore }, 1)).length > 0) {
        await begin(byUs, of).catch(ignoreRunning);
      }
    }
    after = page.nextCursor;
  }
}

function ignoreRunning(error: unknown): void {
  if (!isRefusal(error) || error.type !== "RETENTION_RUNNING") throw error;
}

/** Somebody whom a step needs is away. */
class Away extends Error {
  readonly service: string;

  constructor(service: string) {
    super(`${service} is away`);
    this.service = service;
  }
}

async function from<R>(service: string, answer: Promise<R>): Promise<R> {
  try {
    return await answer;
  } catch (error) {
    throw isAbsence(error) || isPassing(error) ? new Away(service) : error;
  }
}

async function step(broker: Broker, logger: Logger, run: store.Going): Promise<void> {
  try {
    if (run.progress.caseIds.length === 0) await choose(broker, run);
    else if (run.dryRun) await count(broker, run);
    else await remove(broker, run);
  } catch (error) {
    if (!(error instanceof Away)) {
      logger.error("A retention run fails", { id: run.id, ...faultOf(error) });
    }
    const progress = { ...run.progress, dueAt: new Date(Date.now() + waitMs) };
    const waitsFor = error instanceof Away ? error.service : "cases";
    await store.advance(run, { progress, waitsFor }).catch(() => undefined);
  }
}

/** The next cases, or the end where there are none. */
async function choose(broker: Broker, run: store.Going): Promise<void> {
  const own = await from("campaigns", daysOf(broker, run.campaignId));
  if (rules.isWithdrawn(run, own)) return finish(run, "cancelled");
  const { campaignId, closedBefore, progress } = run;
  const cases = await nextClosed({ campaignId, closedBefore, after: progress.after }, casesAtOnce);
  if (cases.length === 0) return finish(run, "done");
  const held = await heldAmong(broker, cases);
  await store.advance(run, rules.chosen(run, cases, held, new Date()));
}

/** Those of the cases one of whose customers is under a legal hold. */
async function heldAmong(broker: Broker, cases: readonly Family[]): Promise<Set<string>> {
  const ids = [...new Set(cases.flatMap(({ customerIds }) => customerIds))];
  const held = await from("customers", broker.call("customers.underLegalHold", { ids }, byUs));
  const isHeld = ({ customerIds }: Family) => customerIds.some((one) => held.includes(one));
  return new Set(cases.filter(isHeld).map(({ id }) => id));
}

async function count(broker: Broker, run: store.Going): Promise<void> {
  const caseIds = idsOf(await familiesAmong(run.progress.caseIds));
  const told = await Promise.all(
    caseHolders.map(async (service) => {
      const asked = broker.call(`${service}.countCaseContent`, { caseIds }, byUs);
      return { service, counts: await from(service, asked) };
    }),
  );
  await store.advance(run, rules.counted(run, told, new Date()));
}

/** One page of what a service keeps, and its change log; of no case that is held by now. */
async function remove(broker: Broker, run: store.Going): Promise<void> {
  const { progress } = run;
  const cases = await familiesAmong(progress.caseIds);
  const held = await heldAmong(broker, cases);
  if (held.size > 0) {
    await store.advance(run, rules.spared(run, held, new Date()));
    return;
  }
  const { cursor } = progress;
  const service = rules.holderAt(progress);
  const asked = { caseIds: idsOf(cases), ...(cursor ? { cursor } : {}) };
  const page = await from(service, broker.call(`${service}.removeCaseContent`, asked, byUs));
  const log = await from("audit", eraseLogOf(broker, page.ids));
  await store.advance(run, rules.removed(run, { page, log }, new Date()));
}

const idsOf = (cases: readonly Family[]): string[] => cases.flatMap(({ caseIds }) => caseIds);

async function finish(run: store.Going, state: "done" | "cancelled"): Promise<void> {
  const { id, campaignId, dryRun, found, spared } = run;
  await write("cases", byUs, async (tx) => {
    if (!(await store.finish(run, { state, at: new Date() }, tx.session))) return;
    tx.announce({
      event: "cases.retentionFinished",
      aggregate: { kind: "retentionRun", id, version: 2 },
      changes: Object.entries({ state, found, spared }).map(([field, value]) => ({
        ...{ field, new: value },
      })),
      data: { id, campaignId, dryRun, state, found, spared },
    });
  });
}
