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
  const items: R[] = [];
  let from = cursor;
  for (let lookedAt = 0; lookedAt < mostLookedAt;) {
    const most = lookedAt === 0 ? limit : lookedAtOnce;
    const page = await findPage(collection, { ...request, limit: most, cursor: from });
    const shown = page.items.length > 0 ? await show(page.items) : [];
    for (const [place, row] of page.items.entries()) {
      const one = shown[place];
      if (one !== undefined) items.push(one);
      if (items.length < limit) continue;
      const isLast = place === page.items.length - 1 && !page.nextCursor;
      return { items, nextCursor: isLast ? null : cursorOf(row, request.sort) };
    }
    lookedAt += page.items.length;
    if (!page.nextCursor) return { items, nextCursor: null };
    from = page.nextCursor;
  }
  return { items, nextCursor: from ?? null };
}
