/** Transactions with a deadline: a write is wholly there, wholly not, or refused in time. */
import { setTimeout as pause } from "node:timers/promises";
import type { ClientSession } from "mongodb";
import { config } from "../config.ts";
import { database } from "./connection.ts";

/** Of the time that a caller waits: what is left is for the answer. */
const withinShare = 0.9;

const safely = { w: "majority", journal: true } as const;
const lightly = { w: 1, journal: false } as const;

interface Labelled {
  hasErrorLabel?: (label: string) => boolean;
}
const labelled = (error: unknown, label: string): boolean =>
  (error as Labelled).hasErrorLabel?.(label) ?? false;

interface Options {
  /** A session that the caller keeps; otherwise one is begun and ended. */
  session?: ClientSession;
  /** False where it may be lost in a crash, because it would be done again. */
  journaled?: boolean;
}

/**
 * Runs `work` in a transaction of the service's database, again while it meets another's write.
 * The driver's own helper goes on for two minutes, which is longer than any caller of ours waits.
 * @throws what `work` throws, or the database's error once the time is up
 */
export async function transaction<R>(
  service: string,
  work: (session: ClientSession) => Promise<R>,
  { session: own, journaled = true }: Options = {},
): Promise<R> {
  const session = own ?? database(service).getClient().startSession();
  try {
    return await attempts(session, work, journaled ? safely : lightly);
  } finally {
    if (!own) await session.endSession();
  }
}

type Concern = typeof safely | typeof lightly;

async function attempts<R>(
  session: ClientSession,
  work: (session: ClientSession) => Promise<R>,
  writeConcern: Concern,
): Promise<R> {
  const until = Date.now() + config().REQUEST_TIMEOUT_MS * withinShare;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(session, work, { until, writeConcern });
    } catch (error) {
      if (!labelled(error, "TransientTransactionError") || Date.now() > until) throw error;
      await pause(Math.random() * Math.min(50, 2 ** attempt));
    }
  }
}

async function once<R>(
  session: ClientSession,
  work: (session: ClientSession) => Promise<R>,
  { until, writeConcern }: { until: number; writeConcern: Concern },
): Promise<R> {
  session.startTransaction({ readConcern: { level: "snapshot" }, writeConcern });
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
