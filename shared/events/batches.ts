/** Takes in events many at a time, and finds out which of them fails when one does. */
import { isAway, type Lanes } from "./lanes.ts";
import type { Incoming } from "./incoming.ts";
import { pause } from "./lease.ts";

interface BatchWork {
  /** Takes in all or none; @throws when one fails */
  take: (all: Incoming[]) => Promise<void>;
  /** Those that were not taken in before. */
  unknownOf: (all: Incoming[]) => Promise<Incoming[]>;
  finished: (one: Incoming) => void;
  lanes: Lanes;
  given: AbortSignal;
}

const retryMs = 250;

/** Takes in a batch; resolves when each is taken in or waits in the lane of its key. */
export function batchesOf({ take, unknownOf, finished, lanes, given }: BatchWork) {
  async function together(all: Incoming[]): Promise<void> {
    const ready = all.filter((one) => !lanes.divert(one));
    if (ready.length === 0 || given.aborted) return;
    try {
      await take(ready);
      ready.forEach(finished);
    } catch (error) {
      if (isAway(error)) await pause(retryMs, given);
      await apart(ready, error);
    }
  }

  async function apart(ready: Incoming[], error: unknown): Promise<void> {
    const fresh = await freshOf(ready);
    if (!fresh) return;
    ready.filter((one) => !fresh.includes(one)).forEach(finished);
    const [first] = fresh;
    if (!first) return;
    if (fresh.length < ready.length || isAway(error)) return together(fresh);
    if (fresh.length === 1) {
      lanes.open(first, error);
      return;
    }
    const half = Math.ceil(fresh.length / 2);
    await together(fresh.slice(0, half));
    await together(fresh.slice(half));
  }

  /** Asks until the database is there; undefined when all was called off before. */
  async function freshOf(ready: Incoming[]): Promise<Incoming[] | undefined> {
    while (!given.aborted) {
      try {
        return await unknownOf(ready);
      } catch {
        await pause(retryMs, given);
      }
    }
    return undefined;
  }

  return together;
}
