/** The outbox: events are kept in the transaction of the change that they tell of. */
import type { ClientSession, Collection, IndexDescription } from "mongodb";
import type { EventName, Meta, Said, ServiceName } from "../bus.ts";
import { system } from "../actor.ts";
import type { Change } from "../contracts/common.ts";
import { newId } from "../ids.ts";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";
import { tellsPersonal } from "../personal.rules.ts";
import type { OutboxRow } from "./event.ts";

/** Rows are kept this long after publishing, so that a lost stream can be refilled. */
const keptDays = 7;

export const outboxTable: { name: string; indexes: IndexDescription[] } = {
  name: "outbox",
  indexes: [
    { key: { pending: 1, _id: 1 }, partialFilterExpression: { pending: true } },
    { key: { publishedAt: 1 }, expireAfterSeconds: keptDays * 86_400 },
    { key: { "aggregate.id": 1 }, partialFilterExpression: { personal: true } },
  ],
};

export const outbox = (service: ServiceName): Collection<OutboxRow> =>
  nativeOf(database(service), outboxTable.name);

/** What an announcer says of a change. */
export interface Announcement<E extends EventName> {
  event: E;
  aggregate: { kind: string; id: string; version: number };
  /** The ordering key where it is not the aggregate itself. */
  key?: string;
  changes?: Change[];
  data: Said<E>;
}

/** The row of an announcement. */
export function outboxRow<E extends EventName>(
  { event, aggregate, key, changes, data }: Announcement<E>,
  { actor = system, requestId }: Meta,
): OutboxRow {
  return {
    _id: newId(),
    name: event,
    aggregate,
    key: key ?? aggregate.id,
    actor: { kind: actor.kind, id: actor.id, ...(actor.name ? { name: actor.name } : {}) },
    ...(requestId ? { cause: requestId } : {}),
    changes: changes ?? [],
    ...(tellsPersonal({ name: event, aggregate, changes: changes ?? [] })
      ? { personal: true }
      : {}),
    data,
    at: new Date(),
    pending: true,
  };
}

/** What waits to be published, oldest first, as one moment of the database shows it. */
export const pendingRows = (service: ServiceName, limit: number): Promise<OutboxRow[]> =>
  outbox(service)
    .find({ pending: true }, { readConcern: { level: "snapshot" } })
    .sort({ _id: 1 })
    .hint({ pending: 1, _id: 1 }) // else the order is taken from all rows, published or not
    .limit(limit)
    .toArray();

/** Marks what the stream has; `pendingRows` sees what a majority has, so the mark waits for it. */
export async function markPublished(service: ServiceName, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await outbox(service).updateMany(
    { _id: { $in: ids } },
    { $set: { publishedAt: new Date() }, $unset: { pending: "" } },
  );
}

/**
 * Lets everything that the outbox still keeps be published again, for a stream that has lost
 * events; what listeners have taken in already stays as it is. Answers how many events.
 */
export async function refill(service: ServiceName): Promise<number> {
  const { modifiedCount } = await outbox(service).updateMany(
    { publishedAt: { $exists: true } },
    { $set: { pending: true }, $unset: { publishedAt: "" } },
  );
  wakeRelay(service);
  return modifiedCount;
}

const wakers = new Map<ServiceName, () => void>();

/** Tells the relay of this process that there is something to publish. */
export const wakeRelay = (service: ServiceName): void => wakers.get(service)?.();

export function onWake(service: ServiceName, wake: () => void): () => void {
  wakers.set(service, wake);
  return () => {
    if (wakers.get(service) === wake) wakers.delete(service);
  };
}

/** Keeps rows in the transaction of their change; call `wakeRelay` once it is committed. */
export async function keepInOutbox(
  service: ServiceName,
  rows: OutboxRow[],
  session: ClientSession,
): Promise<void> {
  if (rows.length > 0) await outbox(service).insertMany(rows, { session, ordered: false });
}
