/** Rows that have been read are put in a list's order, and cut into its pages, as MongoDB would. */
import type { Document } from "mongodb";
import { decodeCursor, type CursorValue } from "../cursor.ts";
import { cursorOf, valueAt, type Page, type SortKey } from "./pages.ts";

/** Compares two rows by the keys of a sort. */
export const inOrder =
  (sort: readonly SortKey[]) =>
  (a: Document, b: Document): number =>
    comparedBy(sort, (path) => [valueAt(a, path), valueAt(b, path)]);

/**
 * One page of rows that are all at hand, in any order; its cursors are those of `findPage`.
 * @throws 422 VALIDATION_ERROR at `cursor` for a cursor that is not of this sort
 */
export function pageAmong<D extends Document>(
  rows: readonly D[],
  { sort, limit, cursor }: { sort: readonly SortKey[]; limit: number; cursor?: string | undefined },
): Page<D> {
  const following = cursor ? rows.filter(isAfter(sort, cursor)) : [...rows];
  following.sort(inOrder(sort));
  const items = following.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last && following.length > limit ? cursorOf(last, sort) : null };
}

function isAfter(sort: readonly SortKey[], cursor: string): (row: Document) => boolean {
  const values = decodeCursor(
    cursor,
    sort.map(() => "any"),
  );
  const places = new Map(sort.map(([path], place) => [path, values[place] ?? null]));
  return (row) => comparedBy(sort, (path) => [valueAt(row, path), places.get(path) ?? null]) > 0;
}

function comparedBy(
  sort: readonly SortKey[],
  valuesAt: (path: string) => [CursorValue, CursorValue],
): number {
  for (const [path, direction] of sort) {
    const order = compared(...valuesAt(path));
    if (order !== 0) return order * direction;
  }
  return 0;
}

/** As MongoDB orders them: nothing first, texts by their bytes. */
function compared(a: CursorValue, b: CursorValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === "string" && typeof b === "string") {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return Number(a) - Number(b);
}
