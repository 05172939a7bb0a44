/** Transactions with a deadline: a write is wholly there, wholly not, or refused in time. */
import { setTimeout as pause } from "node:timers/promises";
import type { ClientSession } from "mongodb";
import { database } from "./connection.ts";

const deadlineMs = 4_000;

interface Labelled {
  hasErrorLabel?: (label: string) => boolean;
}
const labelled = (error: unknown, label: string): boolean =>
  (error as Labelled).hasErrorLabel?.(label) ?? false;

/**
 * Runs `work` in a transaction of the service's database, again while it meets another's write.
 * The driver's own helper goes on for two minutes; a caller of ours waits five seconds at most.
 * `own` is a session that the caller keeps; otherwise one is begun and ended.
 * @throws what `work` throws, or the database's error once the time is up
 */
export async function transaction<R>(
  service: string,
  work: (session: ClientSession) => Promise<R>,
  own?: ClientSession,
): Promise<R> {
  const until = Date.now() + deadlineMs;
  const session = own ?? database(service).getClient().startSession();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(session, work, until);
      } catch (error) {
        if (!labelled(error, "TransientTransactionError") || Date.now() > until) throw error;
        await pause(Math.random() * Math.min(50, 2 ** attempt));
      }
    }
  } finally {
    if (!own) await session.endSession();
  }
}

async function once<R>(
  session: ClientSession,
  work: (session: ClientSession) => Promise<R>,
  until: number,
): Promise<R> {
  session.startTransaction({
    readConcern: { level: "snapshot" },
    writeConcern: { w: "majority", journal: true },
  });
  let answer: R;
  try {
    answer = await work(session);
  } catch (error) {
    await session.abortTransaction().catch(() => undefined);
    throw error;
  }
  await commit(session, until);
  return answer;
}

async function commit(session: ClientSession, until: number): Promise<void> {
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!labelled(error, "UnknownTransactionCommitResult") || Date.now() > until) throw error;
    }
  }
}
