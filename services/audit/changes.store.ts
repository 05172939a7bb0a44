/** Where the change log is kept: entries are added and read, never changed or removed. */
import type { Filter } from "mongodb";
import { ChangeEntry } from "#shared/contracts/audit.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, insertNew, keptOf, type Kept } from "#shared/mongo/store.ts";

const newestFirst = { at: -1, _id: -1 } as const;

/** Its id is the event's: no event is in the log twice. */
const changes = collection("audit", "changes", ChangeEntry, [
  { key: newestFirst },
  { key: { aggregateId: 1, ...newestFirst } },
  { key: { aggregate: 1, ...newestFirst } },
  { key: { actorId: 1, ...newestFirst } },
  { key: { actorId: 1, aggregate: 1, ...newestFirst } },
]);

/** Adds entries to the end of the log; those that are there already stay as they are. */
export async function add(entries: readonly ChangeEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await insertNew(
    changes.native(),
    entries.map((entry) => keptOf(entry)),
  );
}

interface Search {
  aggregate?: string;
  aggregateId?: string;
  actorId?: string;
  /** At this time or later. */
  from?: Date;
  /** Before this time. */
  to?: Date;
  limit: number;
  cursor?: string;
  count?: boolean;
}

/** Entries, newest first. */
export async function page(search: Search): Promise<Page<ChangeEntry>> {
  const { from, to, limit, cursor, count, ...equal } = search;
  const filter: Filter<Kept<ChangeEntry>> = {
    ...equal,
    ...(from || to ? { at: { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) } } : {}),
  };
  const sort = [
    ["at", -1],
    ["_id", -1],
  ] as const;
  const found = await findPage(changes.native(), { filter, sort, limit, cursor, count });
  return { ...found, items: found.items.map((row) => entityOf<ChangeEntry>(row)) };
}
