/** When each session last gave a sign of life (D11). */
import type { ClientSession } from "mongodb";
import { id, instant } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

const connections = collection("identity", "connections", { id, userId: id, seenAt: instant }, [
  { key: { seenAt: 1 } },
  { key: { userId: 1 } },
]);

export interface Connection {
  sessionId: string;
  userId: string;
}

/** Lost in a fail-over, a sign of life is followed by the next one. */
const lightly = { writeConcern: { w: 1 } } as const;

/** Notes a sign of life; answers whether the session is connected. */
export async function seen(sessionId: string, at: Date): Promise<boolean> {
  const { matchedCount } = await connections
    .native()
    .updateOne({ _id: sessionId }, { $max: { seenAt: at } }, lightly);
  return matchedCount > 0;
}

export const add = ({ sessionId, userId }: Connection, at: Date, session: ClientSession) =>
  connections
    .native()
    .updateOne(
      { _id: sessionId },
      { $setOnInsert: { userId }, $max: { seenAt: at } },
      { upsert: true, session },
    );

/** Sessions that gave no sign of life since, the most silent first. */
export async function silent(since: Date, limit: number): Promise<Connection[]> {
  const rows = await connections
    .native()
    .find({ seenAt: { $lt: since } })
    .sort({ seenAt: 1 })
    .limit(limit)
    .toArray();
  return rows.map(({ _id, userId }) => ({ sessionId: _id, userId }));
}

/** Those of these sessions that are silent since, in this transaction's view. */
export async function stillSilent(
  sessionIds: readonly string[],
  since: Date,
  session: ClientSession,
): Promise<string[]> {
  const rows = await connections
    .native()
    .find({ _id: { $in: [...sessionIds] }, seenAt: { $lt: since } }, { session })
    .toArray();
  return rows.map(({ _id }) => _id);
}

export async function ofUser(userId: string, session: ClientSession): Promise<string[]> {
  const rows = await connections.native().find({ userId }, { session }).toArray();
  return rows.map(({ _id }) => _id);
}

export const remove = (sessionIds: readonly string[], session: ClientSession) =>
  connections.native().deleteMany({ _id: { $in: [...sessionIds] } }, { session });
