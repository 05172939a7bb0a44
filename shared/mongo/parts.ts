/** Lists in parts, one after the other: what is in the first part comes before all of the second. */
import { decodeCursor, encodeCursor, notOfThisList } from "../cursor.ts";
import type { Page } from "./pages.ts";

/** One page of a part; its cursor is its own. */
export type Part<D> = (paging: { limit: number; cursor?: string | undefined }) => Promise<Page<D>>;

interface Place {
  /** When the first page was asked for: what the parts depend on must not change between pages. */
  begun: Date;
  part: number;
  cursor?: string | undefined;
}

/**
 * One page of a list that is made of parts.
 * @param partsAt the parts, as they are for a list that was begun at this time
 * @param options.knowsEnd false where a full page is followed by another, be it empty
 * @throws 422 VALIDATION_ERROR at `cursor` for a cursor that is not of such a list
 */
export async function findInParts<D>(
  partsAt: (begun: Date) => readonly Part<D>[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  { knowsEnd = true } = {},
): Promise<Page<D>> {
  const from = placeOf(cursor);
  const parts = partsAt(from.begun);
  const items: D[] = [];
  for (
    let place = from;
    items.length < limit;
    place = { begun: from.begun, part: place.part + 1 }
  ) {
    const read = parts[place.part];
    if (!read) return { items, nextCursor: null };
    const page = await read({ limit: limit - items.length, cursor: place.cursor });
    items.push(...page.items);
    if (page.nextCursor !== null) {
      return { items, nextCursor: cursorOf({ ...place, cursor: page.nextCursor }) };
    }
    from.part = place.part;
  }
  const part = from.part + 1;
  const follows = knowsEnd ? await hasAny(parts.slice(part)) : part < parts.length;
  return { items, nextCursor: follows ? cursorOf({ begun: from.begun, part }) : null };
}

/** Whether there is anything in one of the parts. */
async function hasAny<D>(parts: readonly Part<D>[]): Promise<boolean> {
  for (const read of parts) {
    if ((await read({ limit: 1, cursor: undefined })).items.length > 0) return true;
  }
  return false;
}

const cursorOf = ({ begun, part, cursor }: Place): string =>
  encodeCursor([begun, part, cursor ?? null]);

function placeOf(asked: string | undefined): Place {
  if (asked === undefined) return { begun: new Date(), part: 0 };
  const [begun, part, cursor] = decodeCursor(asked, ["date", "number", "any"]);
  if (!(begun instanceof Date) || !Number.isInteger(part) || (part as number) < 0) {
    throw notOfThisList();
  }
  if (cursor !== null && typeof cursor !== "string") throw notOfThisList();
  return { begun, part: part as number, ...(cursor === null ? {} : { cursor }) };
}
