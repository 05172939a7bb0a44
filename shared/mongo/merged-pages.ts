/** Pages over several finds at once: each is in the order of the list, together they are merged. */
import type { Collection, Filter } from "mongodb";
import type { CursorValue } from "../cursor.ts";
import { cursorOf, findPage, valueAt, type Page, type PageRequest, type SortKey } from "./pages.ts";

/**
 * One page of the rows that any of these filters finds; no row is found by two of them. For what an
 * index gives in order only for few values of a field at a time.
 * @throws 422 VALIDATION_ERROR at `cursor` for a cursor that is not of this sort
 */
export async function findMerged<D extends { _id: string }>(
  collection: Collection<D>,
  filters: readonly Filter<D>[],
  request: Omit<PageRequest<D>, "filter" | "count">,
): Promise<Page<D>> {
  const pages = await Promise.all(
    filters.map((filter) => findPage(collection, { ...request, filter })),
  );
  const [only] = pages;
  if (only && pages.length === 1) return only;
  const { sort, limit } = request;
  const rows = pages.flatMap(({ items }) => items).sort(inOrder(sort));
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit || pages.some(({ nextCursor }) => nextCursor !== null);
  return { items, nextCursor: last && more ? cursorOf(last, sort) : null };
}

const inOrder =
  (sort: readonly SortKey[]) =>
  (a: object, b: object): number => {
    for (const [path, direction] of sort) {
      const order = compared(valueAt(a, path), valueAt(b, path));
      if (order !== 0) return order * direction;
    }
    return 0;
  };

/** As MongoDB orders them: nothing first, texts by their bytes. */
function compared(a: CursorValue, b: CursorValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === "string" && typeof b === "string") {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return Number(a) - Number(b);
}
