/** Pages over several finds at once: each is in the order of the list, together they are merged. */
import type { Collection, Filter } from "mongodb";
import { cursorOf, findPage, type Page, type PageRequest } from "./pages.ts";
import { inOrder } from "./rows-at-hand.ts";

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
