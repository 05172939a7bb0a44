/** Pages of which only a neighbour can tell what the one who asks may see. */
import type { Collection } from "mongodb";
import { cursorOf, findPage, type Page, type PageRequest } from "./pages.ts";

/** Rows that are looked at for one page, however few of them are shown. */
const mostLookedAt = 1_000;
const lookedAtOnce = 200;

type SiftedRequest<D> = Omit<PageRequest<D>, "count" | "session">;

/**
 * A page of the rows that are to be shown, read on until it is full. Where few are, it ends after a
 * thousand rows with what there is, and its cursor goes on from there.
 * @param show answers, for each of up to 200 rows in order, what is shown of it; undefined: nothing
 * @throws 422 VALIDATION_ERROR at `cursor` for a cursor that is not of this sort
 */
export async function findSifted<D extends { _id: string }, R>(
  collection: Collection<D>,
  { limit, cursor, ...request }: SiftedRequest<D>,
  show: (rows: D[]) => Promise<(R | undefined)[]>,
): Promise<Page<R>> {
  const places: Place<R>[] = [];
  let from: string | null | undefined = cursor;
  let lookedAt = 0;
  let most = limit;
  do {
    const page: Page<D> = await findPage(collection, { ...request, limit: most, cursor: from });
    places.push(...(await placesIn(page, show, (row) => cursorOf(row, request.sort))));
    lookedAt += page.items.length;
    from = page.nextCursor;
    most = lookedAtOnce;
  } while (from && places.length < limit && lookedAt < mostLookedAt);

  const last = places[limit - 1];
  const items = places.slice(0, limit).map(({ item }) => item);
  return { items, nextCursor: last ? last.after : from };
}

/** What is shown of a row, and the cursor that goes on after it; null where nothing follows. */
interface Place<R> {
  item: R;
  after: string | null;
}

async function placesIn<D, R>(
  { items, nextCursor }: Page<D>,
  show: (rows: D[]) => Promise<(R | undefined)[]>,
  cursorAfter: (row: D) => string,
): Promise<Place<R>[]> {
  if (items.length === 0) return [];
  const shown = await show(items);
  return items.flatMap((row, place) => {
    const item = shown[place];
    const isLast = place === items.length - 1 && !nextCursor;
    return item === undefined ? [] : [{ item, after: isLast ? null : cursorAfter(row) }];
  });
}
