/**
 * Drives erasures on, step by step, until each is over (B08). Where it stands is kept after every
 * step, and a step twice is as once: whatever is killed or away, it goes on from there.
 */
import type { Logger } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { system } from "#shared/actor.ts";
import { config } from "#shared/config.ts";
import { isAbsence, isPassing } from "#shared/faults.ts";
import type { ErasedStep } from "#shared/erased-kinds.rules.ts";
import { eraseLogOf } from "#shared/erased-log.ts";
import { faultOf, holdLease, pause, type Lease } from "#shared/events/lease.ts";
import { write } from "#shared/mongo/write.ts";
import * as rules from "./erasures.rules.ts";
import * as store from "./erasures.store.ts";
import { heldAmong } from "./privacy.store.ts";

const idleMs = 500;
const atOnce = 10;
/** Until a hold, or a neighbour that is away, is looked at again. */
const waitMs = 2_000;
const meta = { actor: system };

/** Erases while this replica holds the lease for it. */
export const startErasing = (broker: Broker, logger: Logger): Lease =>
  holdLease({
    service: "customers",
    role: "erasures",
    logger,
    async work(held) {
      while (!held.aborted) {
        const due = await store.due(new Date(), atOnce).catch(() => []);
        for (const erasure of due) await step(broker, logger, erasure);
        if (due.length === 0) await pause(idleMs, held);
      }
    },
  });

async function step(broker: Broker, logger: Logger, erasure: store.Going): Promise<void> {
  const service = rules.holderAt(erasure.progress);
  const later = { ...erasure.progress, dueAt: new Date(Date.now() + waitMs) };
  try {
    if (await heldAmong(erasure.subject.customerIds)) {
      await store.advance(erasure, { state: "blocked", progress: later });
      return;
    }
    await keep(erasure, await erase(broker, erasure));
  } catch (error) {
    const away = isAbsence(error) || isPassing(error);
    if (!away)
      logger.error(`An erasure fails at ${service}`, { id: erasure.id, ...faultOf(error) });
    await store.advance(erasure, { progress: later, waitsFor: service }).catch(() => undefined);
  }
}

/** One page of what a service keeps, and the change log of all that is on it. */
async function erase(broker: Broker, { subject, progress }: store.Going): Promise<ErasedStep> {
  const { cursor } = progress;
  const asked = { subject, ...(cursor ? { cursor } : {}) };
  const page = await broker.call(`${rules.holderAt(progress)}.erasePersonalData`, asked, { meta });
  return { page, log: await eraseLogOf(broker, page.ids) };
}

async function keep(erasure: store.Going, done: ErasedStep): Promise<void> {
  const now = new Date();
  const settleMs = config().ERASURE_SETTLE_MS;
  const { over, ...next } = rules.after(erasure, done, { now, settleMs });
  if (!over) {
    await store.advance(erasure, { ...next, state: "running" });
    return;
  }
  await write("customers", { meta }, async (tx) => {
    const finished = { ...next, state: "done" as const, finishedAt: now };
    if (!(await store.advance(erasure, finished, tx.session))) return;
    const { id, customerId } = erasure;
    tx.announce({
      event: "customers.erasureFinished",
      aggregate: { kind: "erasure", id, version: 2 },
      data: { id, customerId },
    });
  });
}
