/** The outbox: events are kept in the transaction of the change that they tell of. */
import { BSON, type ClientSession, type Collection, type IndexDescription } from "mongodb";
import type { EventName, Meta, Said, ServiceName } from "../bus.ts";
import { system } from "../actor.ts";
import type { Change } from "../contracts/common.ts";
import { newId } from "../ids.ts";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";
import { tellsPersonal } from "../personal.rules.ts";
import type { OutboxRow, UnsentEvent } from "./event.ts";

/** Rows are kept this long after publishing, so that a lost stream can be refilled. */
const keptDays = 7;

export const outboxTable: { name: string; indexes: IndexDescription[] } = {
  name: "outbox",
  indexes: [
    { key: { pending: 1, _id: 1 }, partialFilterExpression: { pending: true } },
    { key: { publishedAt: 1 }, expireAfterSeconds: keptDays * 86_400 },
    { key: { personalOf: 1 }, partialFilterExpression: { personalOf: { $exists: true } } },
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

/** The event of an announcement, made on behalf of whom `meta` names. */
export function unsentEvent<E extends EventName>(
  { event, aggregate, key, changes, data }: Announcement<E>,
  { actor = system, requestId }: Meta,
): UnsentEvent {
  return {
    name: event,
    aggregate,
    key: key ?? aggregate.id,
    actor: { kind: actor.kind, id: actor.id, ...(actor.name ? { name: actor.name } : {}) },
    ...(requestId ? { cause: requestId } : {}),
    changes: changes ?? [],
    data,
    at: new Date(),
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

/** Marks what the stream has. A mark that is lost costs a repetition, which the stream bears. */
export async function markPublished(service: ServiceName, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await outbox(service).updateMany(
    { _id: { $in: ids } },
    { $set: { publishedAt: new Date() }, $unset: { pending: "" } },
    { writeConcern: { w: 1 } },
  );
}

/**
 * Lets everything that the outbox still keeps be published again, for a stream that has lost
 * events; what listeners have taken in already stays as it is. Answers how many rows.
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

/** A row stays far below the 16 MB that MongoDB takes as one document. */
const mostInRow = { events: 50, bytes: 1_000_000 };

/**
 * Keeps events in the transaction of their change; call `wakeRelay` once it is committed. Those of
 * one transaction share rows: one write, and later one mark, for many of them. A large one is
 * alone, so that one beyond what NATS takes keeps no other from being marked.
 */
export async function keepInOutbox(
  service: ServiceName,
  events: UnsentEvent[],
  session: ClientSession,
): Promise<void> {
  const rows = inRows(events).map((some) => ({
    _id: newId(),
    events: some,
    ...personalOf(some),
    pending: true as const,
  }));
  if (rows.length > 0) await outbox(service).insertMany(rows, { session });
}

function personalOf(events: UnsentEvent[]): { personalOf?: string[] } {
  const ids = new Set(events.filter(tellsPersonal).map(({ aggregate }) => aggregate.id));
  return ids.size > 0 ? { personalOf: [...ids] } : {};
}

function inRows(events: UnsentEvent[]): UnsentEvent[][] {
  const rows: UnsentEvent[][] = [];
  let room = { events: 0, bytes: 0 };
  for (const event of events) {
    const bytes = BSON.calculateObjectSize(event);
    if (room.events < 1 || room.bytes < bytes) {
      rows.push([]);
      room = { ...mostInRow };
    }
    rows.at(-1)?.push(event);
    room.events -= 1;
    room.bytes -= bytes;
  }
  return rows;
}
