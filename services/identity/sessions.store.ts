/** Where sessions and their refresh tokens are kept; both go by themselves when their time is up. */
import type { ClientSession } from "mongodb";
import { id, instant, optional, whole, type Received } from "#shared/fields.ts";
import { collection, entityOf } from "#shared/mongo/store.ts";
import { transaction } from "#shared/mongo/transaction.ts";

/** A session that is not refreshed for this long is over. */
const idleDays = 30;
const expiry = (now: Date) => new Date(now.getTime() + idleDays * 86_400_000);

export type Session = Received<typeof Session>;
const Session = {
  id,
  userId: id,
  /** The user's epoch when it began: it ends with that. */
  epoch: whole(1, 1_000_000_000),
  createdAt: instant,
  expiresAt: instant,
};

const sessions = collection("identity", "sessions", Session, [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]);

const refreshTokens = collection(
  "identity",
  "refreshTokens",
  { id, sessionId: id, userId: id, usedAt: optional(instant), expiresAt: instant },
  [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
);

type Beginning = Pick<Session, "id" | "userId" | "epoch">;

/** Begins a session with the digest of its first refresh token. */
export const begin = ({ id, ...session }: Beginning, digest: string, now: Date) =>
  transaction("identity", async (tx) => {
    const expiresAt = expiry(now);
    await sessions
      .native()
      .insertOne({ _id: id, ...session, createdAt: now, expiresAt }, { session: tx });
    await issue(digest, { sessionId: id, userId: session.userId }, now, tx);
  });

const issue = (
  digest: string,
  owner: { sessionId: string; userId: string },
  now: Date,
  session: ClientSession,
) =>
  refreshTokens.native().insertOne({ _id: digest, ...owner, expiresAt: expiry(now) }, { session });

type Renewal =
  | { outcome: "renewed"; session: Session }
  | { outcome: "unknown" }
  /** The token has worked before: it, or its successor, is in wrong hands. */
  | { outcome: "reused"; sessionId: string; userId: string };

/** Uses a refresh token up and puts its successor in its place, once. */
export const renew = (digest: string, successor: string, now: Date): Promise<Renewal> =>
  transaction("identity", async (tx): Promise<Renewal> => {
    const used = await refreshTokens
      .native()
      .findOneAndUpdate(
        { _id: digest, usedAt: { $exists: false }, expiresAt: { $gt: now } },
        { $set: { usedAt: now } },
        { session: tx },
      );
    if (!used) return whyNot(digest, now, tx);
    const { sessionId, userId } = used;
    const session = await sessions
      .native()
      .findOneAndUpdate(
        { _id: sessionId, expiresAt: { $gt: now } },
        { $set: { expiresAt: expiry(now) } },
        { returnDocument: "after", session: tx },
      );
    if (!session) return { outcome: "unknown" };
    await issue(successor, { sessionId, userId }, now, tx);
    return { outcome: "renewed", session: entityOf<Session>(session) };
  });

async function whyNot(digest: string, now: Date, session: ClientSession): Promise<Renewal> {
  const known = await refreshTokens
    .native()
    .findOne({ _id: digest, expiresAt: { $gt: now } }, { session });
  if (!known) return { outcome: "unknown" };
  return { outcome: "reused", sessionId: known.sessionId, userId: known.userId };
}

/** A session that goes on. */
export async function find(id: string, now: Date): Promise<Session | undefined> {
  const row = await sessions.native().findOne({ _id: id, expiresAt: { $gt: now } });
  return row ? entityOf<Session>(row) : undefined;
}

/** Those of these sessions that go on. */
export async function those(
  ids: readonly string[],
  now: Date,
  session: ClientSession,
): Promise<Session[]> {
  const rows = await sessions
    .native()
    .find({ _id: { $in: [...ids] }, expiresAt: { $gt: now } }, { session })
    .toArray();
  return rows.map((row) => entityOf<Session>(row));
}

/** Ends a session; answers whether it still went on. */
export async function end(id: string, session: ClientSession): Promise<boolean> {
  const { deletedCount } = await sessions.native().deleteOne({ _id: id }, { session });
  return deletedCount > 0;
}
