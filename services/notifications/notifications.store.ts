/** Where notifications are kept, for a time: each user's in the order of their arrival. */
import type { ClientSession, Filter } from "mongodb";
import { Notification } from "#shared/contracts/notifications.ts";
import { notFound } from "#shared/errors.ts";
import { id, instant, optional, whole, yesNo, type Received } from "#shared/fields.ts";
import { findPage, longestMs, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import type { Notice } from "./notices.rules.ts";

const seq = whole(0, 1_000_000_000);

type KeptNotification = Received<typeof KeptNotification>;
const KeptNotification = {
  ...Notification,
  userId: id,
  /** Its place among its user's: whoever has read up to one place misses nothing after it. */
  seq,
  /** There until it is read. */
  unread: optional(yesNo),
  keptUntil: instant,
};
type Row = Kept<KeptNotification>;

const notifications = collection("notifications", "notifications", KeptNotification, [
  { key: { userId: 1, seq: -1 }, unique: true },
  { key: { userId: 1, unread: 1, seq: -1 } },
  { key: { keptUntil: 1 }, expireAfterSeconds: 0 },
]);

/** How many a user was ever told; the transactions that tell one user come one after the other. */
const mailboxes = collection("notifications", "mailboxes", { id, last: seq }, []);

/** As many unread ones as are counted. */
const mostCounted = 10_000;

export type Placed = Notification & { seq: number };

/**
 * Tells users something; what they were told before stays as it is.
 * @returns the users who have something new
 */
export const keep = (notices: readonly Notice[], keptUntil: Date): Promise<string[]> =>
  transaction("notifications", async (session) => {
    const news = await newAmong(notices, session);
    const byUser = Map.groupBy(news, ({ userId }) => userId);
    for (const [userId, own] of byUser) {
      const first = await takePlaces(userId, own.length, session);
      const rows = own.map((notice, place) => ({
        ...keptOf(notice),
        ...{ seq: first + place, unread: true, keptUntil },
      }));
      await notifications.native().insertMany(rows, { session });
    }
    return [...byUser.keys()];
  });

async function newAmong(notices: readonly Notice[], session: ClientSession): Promise<Notice[]> {
  const ids = notices.map((notice) => notice.id);
  const there = await notifications
    .native()
    .find({ _id: { $in: ids } }, { session, projection: { _id: 1 } })
    .toArray();
  const known = new Set(there.map(({ _id }) => _id));
  return notices.filter((notice) => !known.has(notice.id));
}

/** The first of so many places that follow the user's last one. */
async function takePlaces(userId: string, count: number, session: ClientSession): Promise<number> {
  const mailbox = await mailboxes
    .native()
    .findOneAndUpdate(
      { _id: userId },
      { $inc: { last: count } },
      { session, upsert: true, returnDocument: "after" },
    );
  return (mailbox?.last ?? count) - count + 1;
}

interface Search {
  userId: string;
  unread?: boolean;
  limit: number;
  cursor?: string;
  count?: boolean;
}

/** A user's, the newest first. */
export async function page({ userId, unread, ...paging }: Search): Promise<Page<Notification>> {
  const filter: Filter<Row> = {
    userId,
    ...(unread === undefined ? {} : { unread: unread ? true : { $exists: false } }),
  };
  const found = await findPage(notifications.native(), { filter, sort: [["seq", -1]], ...paging });
  return { ...found, items: found.items.map(notificationOf) };
}

/** Those after a place, in order. */
export async function after(userId: string, place: number, limit: number): Promise<Placed[]> {
  const rows = await notifications
    .native()
    .find({ userId, seq: { $gt: place } }, { maxTimeMS: longestMs })
    .sort({ seq: 1 })
    .limit(limit)
    .toArray();
  return rows.map((row) => ({ ...notificationOf(row), seq: row.seq }));
}

/** The place of the last one that a user was told. */
export async function lastOf(userId: string): Promise<number> {
  return (await mailboxes.native().findOne({ _id: userId }))?.last ?? 0;
}

export const unreadOf = (userId: string): Promise<number> =>
  notifications
    .native()
    .countDocuments({ userId, unread: true }, { limit: mostCounted, maxTimeMS: longestMs });

/**
 * Marks one as read; the time of the first reading stays.
 * @throws 404 NOT_FOUND for one of another user, too
 */
export async function read(id: string, userId: string, now: Date): Promise<Notification> {
  await notifications
    .native()
    .updateOne(
      { _id: id, userId, unread: true },
      { $set: { readAt: now }, $unset: { unread: "" } },
    );
  return notificationOf(await own(id, userId));
}

/**
 * Marks a user's as read, up to one of them or all; answers how many that were.
 * @throws 404 NOT_FOUND where the one is not the user's
 */
export async function readAll(userId: string, upTo: string | undefined, now: Date) {
  const last = upTo === undefined ? undefined : (await own(upTo, userId)).seq;
  const { modifiedCount } = await notifications
    .native()
    .updateMany(
      { userId, unread: true, ...(last === undefined ? {} : { seq: { $lte: last } }) },
      { $set: { readAt: now }, $unset: { unread: "" } },
    );
  return modifiedCount;
}

async function own(id: string, userId: string): Promise<Row> {
  const row = await notifications.native().findOne({ _id: id, userId });
  if (!row) throw notFound("notification", id);
  return row;
}

function notificationOf(row: Row): Notification {
  const {
    userId: _whose,
    seq: _place,
    unread: _isUnread,
    keptUntil: _until,
    ...shown
  } = entityOf<KeptNotification>(row);
  return shown;
}
