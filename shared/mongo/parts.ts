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
  { limit, cursor: asked }: { limit: number; cursor?: string | undefined },
  { knowsEnd = true } = {},
): Promise<Page<D>> {
  const { begun, ...from } = asked === undefined ? { begun: new Date(), part: 0 } : placeOf(asked);
  const parts = partsAt(begun);
  const items: D[] = [];
  for (let { part, cursor }: Omit<Place, "begun"> = from; part < parts.length; part += 1) {
    const left = limit - items.length;
    if (left === 0 && !knowsEnd) return { items, nextCursor: cursorOf({ begun, part }) };
    // of a part behind a full page only whether there is anything in it
    const page = await (parts[part] as Part<D>)({ limit: Math.max(left, 1), cursor });
    if (left === 0 && page.items.length > 0) {
      return { items, nextCursor: cursorOf({ begun, part }) };
    }
    items.push(...page.items);
    if (page.nextCursor) {
      return { items, nextCursor: cursorOf({ begun, part, cursor: page.nextCursor }) };
    }
    cursor = undefined;
  }
  return { items, nextCursor: null };
}

const cursorOf = ({ begun, part, cursor }: Place): string =>
  encodeCursor([begun, part, cursor ?? null]);

function placeOf(asked: string): Place {
  const [begun, part, cursor] = decodeCursor(asked, ["date", "number", "any"]);
  if (!(begun instanceof Date) || !Number.isInteger(part) || (part as number) < 0) {
    throw notOfThisList();
  }
  if (cursor !== null && typeof cursor !== "string") throw notOfThisList();
  return { begun, part: part as number, ...(cursor === null ? {} : { cursor }) };
}
