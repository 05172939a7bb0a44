/** Where the change log is kept: entries are added and read; only erased persons leave them (P16). */
import type { Filter } from "mongodb";
import { ChangeEntry } from "#shared/contracts/audit.ts";
import { id } from "#shared/fields.ts";
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
  {
    key: { caseId: 1, ...newestFirst },
    partialFilterExpression: { caseId: { $exists: true } },
  },
]);

/** Adds entries to the end of the log; those that are there already stay as they are. */
export async function add(entries: readonly ChangeEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await insertNew(
    changes.native(),
    entries.map((entry) => keptOf(entry)),
  );
}

/** The entries of several aggregates, newest first. */
export const pageOf = ({
  aggregateIds,
  ...paging
}: {
  aggregateIds: string[];
  limit: number;
  cursor?: string;
}): Promise<Page<ChangeEntry>> => found({ aggregateId: { $in: aggregateIds } }, paging);

/** The aggregates that told of a person who was erased. */
const erased = collection("audit", "erased", { id }, []);

/** Remembers that the values of these aggregates are erased. */
export async function remember(aggregateIds: readonly string[]): Promise<void> {
  if (aggregateIds.length === 0) return;
  await insertNew(
    erased.native(),
    aggregateIds.map((one) => ({ _id: one })),
  );
}

/** Those of the aggregates whose values are erased. */
export async function erasedAmong(aggregateIds: readonly string[]): Promise<Set<string>> {
  if (aggregateIds.length === 0) return new Set();
  const known = await erased
    .native()
    .find({ _id: { $in: [...aggregateIds] } })
    .toArray();
  return new Set(known.map(({ _id }) => _id));
}

/** Keeps entries whose personal values are gone in place of those that had them (P16). */
export async function blank(entries: readonly ChangeEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await changes.native().bulkWrite(
    entries.map(({ id: entryId, changes: left }) => ({
      updateOne: { filter: { _id: entryId }, update: { $set: { changes: left } } },
    })),
  );
}

interface Paging {
  limit: number;
  cursor?: string;
  count?: boolean;
}

interface Range {
  /** At this time or later. */
  from?: Date;
  /** Before this time. */
  to?: Date;
}

interface Search extends Paging, Range {
  aggregate?: string;
  aggregateId?: string;
  actorId?: string;
}

/** Entries, newest first. */
export async function page(search: Search): Promise<Page<ChangeEntry>> {
  const { from, to, limit, cursor, count, ...equal } = search;
  return found({ ...equal, ...between({ from, to }) }, { limit, cursor, count });
}

/** The entries of a case and of what belongs to it, newest first. */
export const pageOfCase = (
  caseId: string,
  { from, to, ...paging }: Paging & Range,
): Promise<Page<ChangeEntry>> => {
  const range = between({ from, to });
  // the range within each, so that each enters its index by it
  const filter = {
    $or: [
      { aggregateId: caseId, ...range },
      { caseId, ...range },
    ],
  };
  return found(filter, paging);
};

const between = ({ from, to }: { from: Date | undefined; to: Date | undefined }) =>
  from || to ? { at: { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) } } : {};

async function found(
  filter: Filter<Kept<ChangeEntry>>,
  paging: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<ChangeEntry>> {
  const sort = [
    ["at", -1],
    ["_id", -1],
  ] as const;
  const rows = await findPage(changes.native(), { filter, sort, ...paging });
  return { ...rows, items: rows.items.map((row) => entityOf<ChangeEntry>(row)) };
}
