/** Finishes what a crash or an absent neighbour left: messages recorded, but with no case yet. */
import type { Logger } from "moleculer";
import { repeat, type Job } from "#shared/jobs.ts";
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
export function startSweeper(finish: Finish, logger: Logger): Job {
  let pauseMs = idleMs;
  return repeat(
    async () => {
      const { finished, failed } = await sweep().catch(() => ({ finished: 0, failed: 1 }));
      if (finished > 0) logger.info("Finished messages that had been left", { finished, failed });
      pauseMs = failed > 0 ? Math.min(pauseMs * 2, longestPauseMs) : finished > 0 ? 0 : idleMs;
      return pauseMs;
    },
    { firstMs: idleMs },
  );

  async function sweep(): Promise<{ finished: number; failed: number }> {
    const left = await unsettled(new Date(Date.now() - ripeMs), batch);
    const results = await Promise.allSettled(
      left.map((record) => finish(record, { isAwaited: false })),
    );
    const failed = results.filter(({ status }) => status === "rejected").length;
    return { finished: left.length - failed, failed };
  }
}
