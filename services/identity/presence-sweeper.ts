/** Finds sessions that vanished: no sign of life for the grace time (D11). */
import type { Logger } from "moleculer";
import { holdLease, pause, type Lease } from "#shared/events/lease.ts";
import { write } from "#shared/mongo/write.ts";
import { giveUp, graceMs } from "./connections.ts";
import * as connections from "./connections.store.ts";

const perPass = 500;
const longestPauseMs = 5_000;

/**
 * Looks for them while this replica holds the lease. Two that sweep at once, or one that dies in
 * the middle, do no harm: a session is given up in one transaction with what is told of it.
 */
export const startSweeping = (logger: Logger): Lease =>
  holdLease({
    service: "identity",
    role: "presence",
    logger,
    work: async (held) => {
      while (!held.aborted) {
        const isMore = await sweep().catch((error: unknown) => {
          logger.warn("Vanished sessions could not be swept", {
            message: (error as Error).message,
          });
          return false;
        });
        if (!isMore) await pause(Math.min(longestPauseMs, graceMs() / 4), held);
      }
    },
  });

/** Gives up silent sessions, user by user; answers whether there may be more. */
async function sweep(): Promise<boolean> {
  const since = new Date(Date.now() - graceMs());
  const silent = await connections.silent(since, perPass);
  for (const [userId, theirs] of Map.groupBy(silent, (one) => one.userId)) {
    const sessionIds = theirs.map(({ sessionId }) => sessionId);
    await write("identity", { meta: {} }, async (tx) => {
      // who gave a sign of life meanwhile stays
      await giveUp(tx, userId, await connections.stillSilent(sessionIds, since, tx.session));
    });
  }
  return silent.length === perPass;
}
