/** A lease: among the replicas of a service, one does a job; when it dies, another takes over. */
import { setTimeout as wait } from "node:timers/promises";
import type { Binary } from "mongodb";
import type { Logger } from "moleculer";
import type { ServiceName } from "../bus.ts";
import { saidBy } from "../faults.ts";
import { newId } from "../ids.ts";
import { database } from "../mongo/connection.ts";
import { isDuplicate, nativeOf } from "../mongo/store.ts";

/** How long a dead holder keeps the others waiting. */
const leaseMs = 5_000;
const stopWithinMs = 5_000;

interface LeaseRow {
  _id: string;
  holder: string;
  until: Date;
  /** The holder's database sessions, where its work keeps some. */
  sessions?: Binary[];
}

export interface Job {
  service: ServiceName;
  /** What the lease is for, such as "relay". */
  role: string;
  logger: Logger;
  /** Runs while the lease is held, until `held` is aborted. */
  work: (held: AbortSignal) => Promise<void>;
  leaseMs?: number | undefined;
}

export interface Lease {
  /** Ends the work, gives the lease back; takes five seconds at most. */
  stop(): Promise<void>;
}

export const leases = (service: ServiceName) => nativeOf<LeaseRow>(database(service), "leases");

/** Resolves after the time, or at once when given up. */
export const pause = (ms: number, given: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal: given }).catch(() => undefined);

/**
 * Does a job whenever this process holds its lease. The lease saves double work; it is no lock:
 * a holder that was frozen may wake up beside the next one, and the work must bear that.
 */
export function holdLease(job: Job): Lease {
  const holder = newId();
  const term = job.leaseMs ?? leaseMs;
  const stopping = new AbortController();
  const running = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const asked = performance.now();
      if (await claim(job, holder, term).catch(() => false)) {
        await tenure(job, holder, asked + term, stopping.signal);
      }
      await pause(term / 4, stopping.signal);
    }
    await giveBack(job, holder).catch(() => undefined);
  }

  return {
    async stop() {
      stopping.abort();
      const late = new AbortController();
      await Promise.race([running, pause(stopWithinMs, late.signal)]);
      late.abort();
    },
  };
}

/** Works and renews the lease until it is lost, the work ends or `stopping` is aborted. */
async function tenure(job: Job, holder: string, until: number, stopping: AbortSignal) {
  if (stopping.aborted) return; // while the lease was being asked for: nobody would end the work
  const held = new AbortController();
  const end = () => {
    held.abort();
  };
  stopping.addEventListener("abort", end, { once: true });
  let deadline = setTimeout(end, Math.max(0, until - performance.now()));
  const work = job.work(held.signal).then(end, (error: unknown) => {
    job.logger.error(`The ${job.role} of ${job.service} failed`, faultOf(error));
    end();
  });
  const term = job.leaseMs ?? leaseMs;
  await pause(term / 4, held.signal);
  while (!held.signal.aborted) {
    const asked = performance.now();
    const mine = await claim(job, holder, term).catch(() => undefined);
    if (mine === false) end();
    if (mine) {
      clearTimeout(deadline);
      deadline = setTimeout(end, Math.max(0, asked + term - performance.now()));
    }
    await pause(term / 4, held.signal);
  }
  clearTimeout(deadline);
  stopping.removeEventListener("abort", end);
  await work;
}

/** What the log may know of a fault. */
export const faultOf = (error: unknown) => ({
  name: (error as Error).name,
  message: saidBy(error),
});

/** A lease lost in a fail-over costs double work only: its writes need not wait for a majority. */
const lightly = { writeConcern: { w: 1 } } as const;

/** Takes or renews the lease by the database's own clock; answers whether it is ours. */
async function claim({ service, role }: Job, holder: string, term: number): Promise<boolean> {
  const claimed = await leases(service).updateOne(
    { _id: role, $or: [{ holder }, { $expr: { $lt: ["$until", "$$NOW"] } }] },
    [{ $set: { holder: { $literal: holder }, until: { $add: ["$$NOW", term] } } }],
    lightly,
  );
  if (claimed.matchedCount > 0) return true;
  const until = new Date(Date.now() + term);
  return leases(service)
    .insertOne({ _id: role, holder, until }, lightly)
    .then(
      () => true,
      (error: unknown) => {
        if (isDuplicate(error)) return false;
        throw error;
      },
    );
}

const giveBack = ({ service, role }: Job, holder: string) =>
  leases(service).updateOne({ _id: role, holder }, { $set: { until: new Date(0) } }, lightly);
