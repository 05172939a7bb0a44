/** What hangs on cases, for the person who asks for it, or when it goes (B08). */
import type { Filter } from "mongodb";
import { decodeCursor, encodeCursor } from "#shared/cursor.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import type { Kept, Table } from "#shared/mongo/store.ts";
import { cases, entries } from "./tables.store.ts";

/** Cases that are looked through for one page; their ids go into one query, each with an index scan. */
const casesAtOnce = 100;

/**
 * A page of the documents with a `caseId` of one of these customers' cases; it may hold few, even
 * none, and go on.
 * @param table has an index of `caseId` and descending `_id`
 */
export async function ofCasesOf<T extends { id: string; caseId: string }>(
  table: Table<T>,
  customerIds: readonly string[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<Kept<T>>> {
  const [from, within] = cursor ? decodeCursor(cursor, ["any", "any"]) : [null, null];
  const theirs = await findPage(cases.native(), {
    filter: { customerId: { $in: [...customerIds] } },
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
    hint: entries.customer,
    fields: ["createdAt"],
    limit: casesAtOnce,
    cursor: from === null ? undefined : String(from),
  });
  const page = await findPage(table.native(), {
    filter: { caseId: { $in: theirs.items.map(({ _id }) => _id) } } as unknown as Filter<Kept<T>>,
    sort: [["_id", -1]],
    limit,
    cursor: within === null ? undefined : String(within),
  });
  const { nextCursor: next } = theirs;
  if (page.nextCursor)
    return { ...page, nextCursor: encodeCursor([from ?? null, page.nextCursor]) };
  return { ...page, nextCursor: next && encodeCursor([next, null]) };
}

/** A page of the documents with a `caseId` of one of these cases. */
export const ofThese = <T extends { id: string; caseId: string }>(
  table: Table<T>,
  caseIds: readonly string[],
  paging: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<Kept<T>>> =>
  findPage(table.native(), {
    filter: { caseId: { $in: [...caseIds] } } as unknown as Filter<Kept<T>>,
    sort: [["_id", -1]],
    ...paging,
  });
