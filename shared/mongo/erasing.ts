/** Erases what is personal in documents, and what a service's own records say about them (P16). */
import type { AnyBulkWriteOperation, Document } from "mongodb";
import type { ServiceName } from "../bus.ts";
import type { OutboxRow } from "../events/event.ts";
import { outbox } from "../events/outbox.ts";
import type { Shape } from "../fields.ts";
import { erased, withoutPersonal } from "../personal.rules.ts";
import type { Kept, Table } from "./store.ts";
import { commands } from "./write.ts";

interface Erasable {
  id: string;
  erasedAt?: Date;
}

/**
 * Leaves of these documents what is not personal, and says since when. Only fields that change are
 * written, so that what others write meanwhile stays. Answers how many still held something.
 * @param finish what follows from the other fields, such as the words of a search
 */
export async function erasePersonal<T extends Erasable>(
  table: Table<T>,
  shape: Shape,
  kept: readonly Kept<T>[],
  finish: (left: Kept<T>) => Kept<T> = (left) => left,
): Promise<number> {
  const updates = kept.flatMap((document) => {
    const left = finish(withoutPersonal(shape, document));
    const update = updateOf(document, left);
    return update ? [{ updateOne: { filter: { _id: document._id }, update } }] : [];
  });
  if (updates.length > 0) {
    await table.native().bulkWrite(updates as unknown as AnyBulkWriteOperation<Kept<T>>[]);
  }
  return updates.length;
}

function updateOf(document: Document, left: Document): Document | undefined {
  const set = Object.entries(left).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(document[name]),
  );
  const gone = Object.keys(document).filter((name) => !(name in left));
  if (set.length === 0 && gone.length === 0 && document["erasedAt"]) return undefined;
  return {
    $set: { ...(document["erasedAt"] ? {} : { erasedAt: new Date() }), ...Object.fromEntries(set) },
    ...(gone.length > 0 ? { $unset: Object.fromEntries(gone.map((name) => [name, ""])) } : {}),
  };
}

const rowsAtOnce = 200;

/**
 * Erases what a service has announced about these aggregates, and what it has answered to commands
 * about them. Answers how many of both held something.
 */
export async function eraseTraces(service: ServiceName, aggregateIds: string[]): Promise<number> {
  if (aggregateIds.length === 0) return 0;
  let rowsErased = 0;
  for (;;) {
    const rows = await outbox(service)
      .find({ personalOf: { $in: aggregateIds } })
      .limit(rowsAtOnce)
      .toArray();
    if (rows.length === 0) break;
    await outbox(service).bulkWrite(rows.map((row) => withoutValuesOf(row, aggregateIds)));
    rowsErased += rows.length;
  }
  const { modifiedCount } = await commands(service).updateMany(
    { about: { $in: aggregateIds }, erased: { $exists: false } },
    { $set: { answer: null, erased: true } },
  );
  return rowsErased + modifiedCount;
}

function withoutValuesOf({ _id, events }: OutboxRow, aggregateIds: string[]) {
  const changes = events.flatMap((event, place) =>
    aggregateIds.includes(event.aggregate.id)
      ? [[`events.${String(place)}.changes`, erased(event)] as const]
      : [],
  );
  const update = {
    $set: Object.fromEntries(changes),
    $pullAll: { personalOf: aggregateIds },
  };
  return { updateOne: { filter: { _id }, update } } as AnyBulkWriteOperation<OutboxRow>;
}
