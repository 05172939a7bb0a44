/** Where sessions and their refresh tokens are kept; both go by themselves when their time is up. */
import type { ClientSession } from "mongodb";
import { id, instant, oneOf, optional, text, whole, type Received } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf } from "#shared/mongo/store.ts";
import { transaction } from "#shared/mongo/transaction.ts";

/** A session that is not refreshed for this long is over. */
const idleDays = 30;
const expiry = (now: Date) => new Date(now.getTime() + idleDays * 86_400_000);

/** Two tabs that refresh with one token within this time both get its successor. */
const graceMs = 10_000;

export type Session = Received<typeof Session>;
const Session = {
  id,
  userId: id,
  /** The user's epoch when it began: it ends with that. */
  epoch: whole(1, 1_000_000_000),
  /** How the user signed in, and from where. */
  by: optional(oneOf("password", "oidc")),
  address: optional(text(64)),
  createdAt: instant,
  refreshedAt: optional(instant),
  expiresAt: instant,
};

const sessions = collection("identity", "sessions", Session, [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { key: { userId: 1, epoch: 1, _id: -1 } },
]);

const refreshTokens = collection(
  "identity",
  "refreshTokens",
  {
    id,
    sessionId: id,
    userId: id,
    usedAt: optional(instant),
    /** From where it was used, and the successor, which only who holds this token can unseal. */
    usedFrom: optional(text(64)),
    successor: optional(text(200)),
    expiresAt: instant,
  },
  [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
);

type Beginning = Pick<Session, "id" | "userId" | "epoch" | "by" | "address">;

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

/** A refresh token on its way to be traded for its successor. */
export interface Trade {
  digest: string;
  successor: { digest: string; sealed: string };
  /** The network that it comes from, where that is known. */
  from?: string | undefined;
}

export type Renewal =
  | { outcome: "renewed"; session: Session }
  /** Another tab traded the token a moment ago: its successor, sealed, is good for both. */
  | { outcome: "shared"; session: Session; sealed: string }
  | { outcome: "unknown" }
  /** The token has worked before: it, or its successor, is in wrong hands. */
  | { outcome: "reused"; id: string; userId: string };

/** Uses a refresh token up and puts its successor in its place, once. */
export const renew = ({ digest, successor, from }: Trade, now: Date): Promise<Renewal> =>
  transaction("identity", async (tx): Promise<Renewal> => {
    const used = await refreshTokens.native().findOneAndUpdate(
      { _id: digest, usedAt: { $exists: false }, expiresAt: { $gt: now } },
      {
        $set: { usedAt: now, successor: successor.sealed, ...(from ? { usedFrom: from } : {}) },
      },
      { session: tx },
    );
    if (!used) return traded(digest, from, now, tx);
    const { sessionId, userId } = used;
    const session = await sessions
      .native()
      .findOneAndUpdate(
        { _id: sessionId, expiresAt: { $gt: now } },
        { $set: { refreshedAt: now, expiresAt: expiry(now) } },
        { returnDocument: "after", session: tx },
      );
    if (!session) return { outcome: "unknown" };
    await issue(successor.digest, { sessionId, userId }, now, tx);
    return { outcome: "renewed", session: entityOf<Session>(session) };
  });

/** What a token is worth that cannot be traded any more. */
async function traded(
  digest: string,
  from: string | undefined,
  now: Date,
  tx: ClientSession,
): Promise<Renewal> {
  const known = await refreshTokens
    .native()
    .findOne({ _id: digest, expiresAt: { $gt: now } }, { session: tx });
  if (!known) return { outcome: "unknown" };
  const { sessionId, userId, usedAt, usedFrom, successor } = known;
  const isFresh = usedAt && now.getTime() - usedAt.getTime() < graceMs && usedFrom === from;
  if (!isFresh || !successor) return { outcome: "reused", id: sessionId, userId };
  const session = await sessions
    .native()
    .findOne({ _id: sessionId, expiresAt: { $gt: now } }, { session: tx });
  if (!session) return { outcome: "unknown" };
  return { outcome: "shared", session: entityOf<Session>(session), sealed: successor };
}

/** Whether a refresh token was never traded. */
export const isUnused = async (digest: string): Promise<boolean> =>
  (await refreshTokens.native().findOne({ _id: digest, usedAt: { $exists: false } })) !== null;

/** A session that goes on. */
export async function find(id: string, now: Date): Promise<Session | undefined> {
  const row = await sessions.native().findOne({ _id: id, expiresAt: { $gt: now } });
  return row ? entityOf<Session>(row) : undefined;
}

/** A user's sessions of this epoch, the newest first. */
export async function page(
  { userId, epoch }: { userId: string; epoch: number },
  paging: { limit: number; cursor?: string; count?: boolean },
  now: Date,
): Promise<Page<Session>> {
  const filter = { userId, epoch, expiresAt: { $gt: now } };
  const found = await findPage(sessions.native(), { filter, sort: [["_id", -1]], ...paging });
  return { ...found, items: found.items.map((row) => entityOf<Session>(row)) };
}

/** Lets one session go on in a new epoch of its user, in which all others are over. */
export const carryOver = (id: string, epoch: number, session: ClientSession) =>
  sessions.native().updateOne({ _id: id }, { $set: { epoch } }, { session });

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

/** Ends a session of a user; answers whether it still went on. */
export async function end(id: string, userId: string, session: ClientSession): Promise<boolean> {
  const { deletedCount } = await sessions.native().deleteOne({ _id: id, userId }, { session });
  return deletedCount > 0;
}
