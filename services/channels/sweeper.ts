/** Finishes what a crash or an absent neighbour left: messages recorded, but with no case yet. */
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "moleculer";
import { unsettled } from "./interactions.store.ts";
import type { Finish } from "./pipeline.ts";

/** Younger ones may still be under way in the process that recorded them. */
const ripeMs = 5_000;
const batch = 500;
const idleMs = 1_000;
const longestPauseMs = 5_000;

/**
 * Looks for leftovers every second, more seldom while finishing fails. Several replicas may sweep
 * at once: every step is idempotent.
 */
export function startSweeper(finish: Finish, logger: Logger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = run();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };

  async function run(): Promise<void> {
    let pauseMs = idleMs;
    while (await pause(pauseMs * (0.75 + Math.random() / 2), stopping.signal)) {
      const { finished, failed } = await sweep().catch(() => ({ finished: 0, failed: 1 }));
      if (finished > 0) logger.info("Finished messages that had been left", { finished, failed });
      pauseMs = failed > 0 ? Math.min(pauseMs * 2, longestPauseMs) : finished > 0 ? 0 : idleMs;
    }
  }

  async function sweep(): Promise<{ finished: number; failed: number }> {
    const left = await unsettled(new Date(Date.now() - ripeMs), batch);
    const results = await Promise.allSettled(
      left.map((record) => finish(record, { isAwaited: false })),
    );
    const failed = results.filter(({ status }) => status === "rejected").length;
    return { finished: left.length - failed, failed };
  }
}

/** Answers false as soon as it is aborted, true when the time is over. */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  wait(ms, true, { signal }).catch(() => false);
