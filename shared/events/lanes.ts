/** Events that failed are tried again, each key in its own lane, while other keys go on. */
import type { Logger } from "moleculer";
import { isAbsence, isPassing } from "../faults.ts";
import { bell } from "./bell.ts";
import type { Incoming } from "./incoming.ts";
import { faultOf, pause } from "./lease.ts";

/** How often and when an event is tried before it is given up. */
export interface Patience {
  attempts: number;
  /** The pause after the first failure, the second…; the last one stays. */
  pausesMs: readonly number[];
  /** So long a neighbour may be away without that counting as an attempt. */
  absenceMs: number;
}

export const usualPatience: Patience = {
  attempts: 6,
  pausesMs: [100, 500, 2_000, 5_000, 10_000],
  absenceMs: 15 * 60_000,
};

export interface LaneWork {
  /** Takes in one event; @throws when it fails */
  take: (one: Incoming) => Promise<void>;
  /** Puts it into the dead letters. */
  giveUp: (one: Incoming, reason: unknown, attempts: number) => Promise<void>;
  finished: (one: Incoming) => void;
  patience: Patience;
  logger: Logger;
  given: AbortSignal;
}

export interface Lanes {
  /** Puts an event behind those of its key that wait; answers whether there are any. */
  divert(one: Incoming): boolean;
  /** Opens the lane of an event that failed, and why. */
  open(one: Incoming, failure: unknown): void;
  /** Resolves when there is room for more. */
  room(): Promise<void>;
  /** Resolves when nothing is being tried any more, once all is given up. */
  ended(): Promise<unknown>;
}

const mostWaiting = 1_000;

export function openLanes(work: LaneWork): Lanes {
  const { given, finished } = work;
  const lanes = new Map<string, Incoming[]>();
  const running = new Set<Promise<void>>();
  const settle = settler(work);
  const moved = bell(given);
  let waiting = 0;

  async function run(key: string, lane: Incoming[], failure: unknown): Promise<void> {
    for (let one = lane[0], reason = failure; one; one = lane[0], reason = undefined) {
      if (!(await settle(one, reason))) return;
      lane.shift();
      waiting -= 1;
      finished(one);
      moved.ring();
    }
    lanes.delete(key);
  }

  return {
    divert(one) {
      const lane = lanes.get(one.key);
      if (!lane) return false;
      lane.push(one);
      waiting += 1;
      return true;
    },
    open(one, failure) {
      const lane = [one];
      lanes.set(one.key, lane);
      waiting += 1;
      const ran = run(one.key, lane, failure).finally(() => running.delete(ran));
      running.add(ran);
    },
    async room() {
      while (waiting >= mostWaiting && !given.aborted) await moved.wait(1_000);
    },
    ended: () => Promise.all(running),
  };
}

/** Tries one event until it is taken in or given up; answers false when all was called off. */
function settler({ take, giveUp, patience, logger, given }: LaneWork) {
  const attempt = (one: Incoming) =>
    take(one).then(
      () => undefined,
      (error: unknown) => error ?? new Error("No reason given"),
    );

  return async (one: Incoming, failure: unknown): Promise<boolean> => {
    const since = Date.now();
    let reason = failure ?? (await attempt(one));
    let attempts = 0;
    while (reason !== undefined) {
      if (countsAgainst(reason, Date.now() - since, patience)) attempts += 1;
      if (one.fault || attempts >= patience.attempts) {
        logger.error(`An event goes to the dead letters: ${one.subject}`, faultOf(reason));
        await giveUp(one, reason, attempts);
        break;
      }
      await pause(pauseAfter(attempts, patience), given);
      if (given.aborted) return false;
      reason = await attempt(one);
    }
    return !given.aborted;
  };
}

const pauseAfter = (attempts: number, { pausesMs }: Patience): number =>
  pausesMs[Math.min(Math.max(attempts, 1), pausesMs.length) - 1] ?? 1_000;

/** Another write was in the way, again and again. */
const writeConflict = 112;

/** Whether the database itself is away, so that nothing can be said of the event. */
export const isAway = (error: unknown): boolean =>
  isPassing(error) && (error as { code?: unknown }).code !== writeConflict;

function countsAgainst(reason: unknown, forMs: number, { absenceMs }: Patience): boolean {
  if (isAway(reason)) return false;
  return !(isAbsence(reason) || isPassing(reason)) || forMs > absenceMs;
}
