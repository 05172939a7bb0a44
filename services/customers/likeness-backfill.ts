/** Fills in the keys of customers made before there were such keys, or by an older rule (F035). */
import type { Logger } from "moleculer";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { holdLease, pause, type Lease } from "#shared/events/lease.ts";
import { likenessKeysOf } from "./likeness.rules.ts";
import * as store from "./similar.store.ts";

/** Raise it when `likenessKeysOf` answers otherwise than before: all keys are made anew. */
const revision = 1;

const perBatch = 200;
const betweenBatchesMs = 20;
/** What an older release writes beside this one, in a rolling deployment, is found by the next pass. */
const everyMs = 10 * 60_000;

/**
 * Fills in by the hands of one replica, in the background and in small batches. Who takes over
 * goes on from where the last one had come to.
 */
export const startBackfill = (logger: Logger): Lease =>
  holdLease({
    service: "customers",
    role: "likenessKeys",
    logger,
    async work(held) {
      while (!held.aborted) {
        const filled = await fillIn(held);
        if (filled > 0) logger.info("Keys of similar customers were filled in", { filled });
        await pause(everyMs, held);
      }
    },
  });

/**
 * One pass: first all customers once for each revision of the rule, then whoever has no keys.
 * Answers how many it filled in.
 */
export async function fillIn(held: AbortSignal): Promise<number> {
  return (await walk(held)) + (await fillKeyless(held));
}

async function walk(held: AbortSignal): Promise<number> {
  const before = await store.progress();
  let at = before?.revision === revision ? before : { revision, afterId: "", done: false };
  let filled = 0;
  while (!at.done && !held.aborted) {
    const batch = await store.customersAfter(at.afterId, perBatch);
    filled += await store.fill(batch.map(withKeys));
    at = { revision, afterId: batch.at(-1)?.id ?? at.afterId, done: batch.length < perBatch };
    await store.keepProgress(at);
    await pause(betweenBatchesMs, held);
  }
  return filled;
}

async function fillKeyless(held: AbortSignal): Promise<number> {
  let filled = 0;
  while (!held.aborted) {
    const batch = await store.keyless(perBatch);
    const done = await store.fill(batch.map(withKeys));
    filled += done;
    // those that somebody is changing at this moment are left to the next pass
    if (batch.length < perBatch || done === 0) break;
    await pause(betweenBatchesMs, held);
  }
  return filled;
}

const withKeys = (customer: Customer) => ({ customer, keys: likenessKeysOf(customer) });
