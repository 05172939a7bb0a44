/** The inbox: an event's id is kept in the transaction of its effect, so that twice is as once. */
import type { ClientSession, IndexDescription } from "mongodb";
import type { ServiceName } from "../bus.ts";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";

/** Ids are kept longer than the stream and the outbox keep events. */
const keptDays = 30;

export const inboxTable: { name: string; indexes: IndexDescription[] } = {
  name: "inbox",
  indexes: [{ key: { at: 1 }, expireAfterSeconds: keptDays * 86_400 }],
};

/** An event that was taken in, or was given up and lies in the dead letters. */
interface InboxRow {
  _id: string;
  at: Date;
  dead?: true;
}

/** What the inbox needs to know of an event. */
interface Known {
  id: string;
  /** It is a dead letter that was handed in once more. */
  replayed: boolean;
}

export const inbox = (service: ServiceName) =>
  nativeOf<InboxRow>(database(service), inboxTable.name);

/** Those that were neither taken in nor given up yet. */
export async function unknownOf<K extends Known>(service: ServiceName, events: K[]): Promise<K[]> {
  const rows = await inbox(service)
    .find({ _id: { $in: events.map(({ id }) => id) } })
    .toArray();
  const known = new Map(rows.map((row) => [row._id, row]));
  return events.filter(({ id, replayed }) => {
    const row = known.get(id);
    return !row || (replayed && row.dead);
  });
}

/**
 * Keeps the ids in the transaction of their effect.
 * @throws a duplicate key error where one of them was known already
 */
export async function keepInInbox(
  service: ServiceName,
  events: Known[],
  session: ClientSession,
): Promise<void> {
  const replayed = events.filter((one) => one.replayed).map(({ id }) => id);
  if (replayed.length > 0) {
    await inbox(service).deleteMany({ _id: { $in: replayed }, dead: true }, { session });
  }
  const at = new Date();
  await inbox(service).insertMany(
    events.map(({ id }) => ({ _id: id, at })),
    { session },
  );
}

/** Remembers that an event was given up, so that only its replay brings it back. */
export async function keepAsDead(service: ServiceName, id: string): Promise<void> {
  await inbox(service).updateOne(
    { _id: id },
    { $setOnInsert: { at: new Date(), dead: true } },
    { upsert: true },
  );
}
