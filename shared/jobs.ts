/** Jobs that run as long as a service does. Tests have several of one service in a process. */
import { setTimeout as wait } from "node:timers/promises";
import type { Service } from "moleculer";
import type { Bells } from "./events/bell.ts";
import { holdLease, type Job as HeldJob, type Lease } from "./events/lease.ts";

export interface Job {
  stop(): Promise<unknown>;
}

const running = new WeakMap<Service, Job[]>();

/** Lets a service that has started do these jobs until it is stopped. */
export function runJobs(service: Service, ...jobs: Job[]): void {
  running.set(service, [...(running.get(service) ?? []), ...jobs]);
}

/** Stops them all, side by side. */
export async function stopJobs(service: Service): Promise<void> {
  await Promise.all((running.get(service) ?? []).map((job) => job.stop()));
}

/**
 * Does something again and again, in every replica and each at moments of its own.
 * @param turn does it once, and answers after about how many milliseconds the next turn is
 */
export function repeat(turn: () => Promise<number>, { firstMs }: { firstMs: number }): Job {
  const stopping = new AbortController();
  const done = run();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };

  async function run(): Promise<void> {
    let pauseMs = firstMs;
    while (await isOver(pauseMs * (0.75 + Math.random() / 2), stopping.signal)) {
      pauseMs = await turn();
    }
  }
}

/** Answers false as soon as it is aborted, true when the time is over. */
const isOver = (ms: number, signal: AbortSignal): Promise<boolean> =>
  wait(ms, true, { signal }).catch(() => false);

interface Rounds extends Pick<HeldJob, "service" | "role" | "logger"> {
  /** Rings when there is something to do. */
  news: Bells;
  /** What nobody rang for is found this late. */
  sweepMs: number;
  /** Does some of what is due; answers how much that was. One that fails is made again later. */
  round: (held: AbortSignal) => Promise<number>;
}

/** Works off what is due, round after round, while this replica holds the lease for it. */
export const workOff = ({ news, sweepMs, round, ...job }: Rounds): Lease =>
  holdLease({
    ...job,
    async work(held) {
      const alarm = news.hang(held);
      while (!held.aborted) {
        const worked = await round(held).catch(() => 0);
        if (worked === 0) await alarm.wait(sweepMs);
      }
    },
  });
