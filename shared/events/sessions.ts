/**
 * The database sessions of a listener. A process that is killed leaves its transactions open, and
 * what they touched locked, until the database gives them up; its successor ends them at once.
 */
import type { ClientSession } from "mongodb";
import type { ServiceName } from "../bus.ts";
import { database } from "../mongo/connection.ts";
import { leases } from "./lease.ts";

export interface Sessions {
  /** Runs work with a session, as soon as one is free. */
  readonly use: <T>(work: (session: ClientSession) => Promise<T>) => Promise<T>;
  readonly end: () => Promise<void>;
}

/** Ends the sessions of the lease's former holder and begins `many` of our own. */
export async function takeSessions(
  service: ServiceName,
  role: string,
  many: number,
): Promise<Sessions> {
  const client = database(service).getClient();
  const lease = await leases(service).findOne({ _id: role });
  const left = (lease?.sessions ?? []).map((id) => ({ id }));
  if (left.length > 0) {
    // Where we may not, or they are gone, the database's own limit ends them.
    await client
      .db("admin")
      .command({ killSessions: left })
      .catch(() => undefined);
  }
  const sessions = Array.from({ length: many }, () => client.startSession());
  const ids = sessions.flatMap(({ id }) => (id ? [id.id] : []));
  await leases(service).updateOne({ _id: role }, { $set: { sessions: ids } });
  return { use: poolOf(sessions), end: () => endAll(sessions) };
}

function poolOf(sessions: ClientSession[]): Sessions["use"] {
  const free = [...sessions];
  const waiting: ((session: ClientSession) => void)[] = [];
  return async (work) => {
    const { promise, resolve } = Promise.withResolvers<ClientSession>();
    const first = free.pop();
    if (first) resolve(first);
    else waiting.push(resolve);
    const session = await promise;
    try {
      return await work(session);
    } finally {
      const next = waiting.shift();
      if (next) next(session);
      else free.push(session);
    }
  };
}

async function endAll(sessions: ClientSession[]): Promise<void> {
  await Promise.allSettled(sessions.map((session) => session.endSession()));
}
