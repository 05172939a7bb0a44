/** Lists, a page at a time, by keyset: a page costs the same however far down the list it is. */
import type { ClientSession, Collection, Document, Filter } from "mongodb";
import { decodeCursor, encodeCursor, notOfThisList, type CursorValue } from "../cursor.ts";

/** A sort key (dots reach into records) and its direction; the last one must be unique. */
export type SortKey = readonly [path: string, direction: 1 | -1];

export interface PageRequest<D> {
  filter?: Filter<D>;
  /** What an index offers, such as `[["createdAt", -1], ["_id", -1]]`. */
  sort: readonly SortKey[];
  limit: number;
  cursor?: string | undefined;
  /** Whether to count all that the filter finds. */
  count?: boolean | undefined;
  session?: ClientSession;
  /** The fields that are read, those of the sort among them; otherwise all. */
  fields?: readonly string[] | undefined;
  /** The name of the index to enter by, where the planner has too many ways to try them all. */
  hint?: string | undefined;
  /** Milliseconds that MongoDB may take; 1,800 when not said. */
  withinMs?: number | undefined;
  /** Fields that a row is long by and nobody reads. */
  without?: readonly string[];
  /** Whether to take the page's ids from the index first: where that alone tells filter and sort. */
  idsFirst?: boolean;
}

export interface Page<D> {
  items: D[];
  nextCursor: string | null;
  total?: number;
}

/**
 * One page of a collection. Rows without a sort key's value come first when it ascends, last when
 * it descends, as MongoDB sorts them. `total` is there only when asked for.
 * @throws 422 VALIDATION_ERROR at `cursor` for a cursor that is not of this sort
 */
export async function findPage<D extends { _id: string }>(
  collection: Collection<D>,
  request: PageRequest<D>,
): Promise<Page<D>> {
  const { filter = {}, sort, limit, cursor } = request;
  const rows = { $and: [filter, cursor ? rowsAfter(sort, cursor) : {}] } as Filter<D>;
  const found = await (request.idsFirst ? readByIds : read)(collection, request, rows);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last && found.length > limit ? cursorOf(last, sort) : null,
    ...(request.count
      ? { total: await collection.countDocuments(filter, optionsOf(request)) }
      : {}),
  };
}

/** The rows of a page and the one that follows it. */
const read = <D extends Document>(
  collection: Collection<D>,
  { sort, limit, fields, without, ...request }: PageRequest<D>,
  rows: Filter<D>,
  projection = fields ? each(fields, 1) : each(without ?? [], 0),
): Promise<D[]> =>
  collection
    .find(rows, { ...optionsOf(request), projection })
    .sort(new Map(sort))
    .limit(limit + 1)
    .toArray() as Promise<D[]>;

const each = (fields: readonly string[], shown: 0 | 1): Document =>
  Object.fromEntries(fields.map((field) => [field, shown]));

async function readByIds<D extends Document>(
  collection: Collection<D>,
  request: PageRequest<D>,
  rows: Filter<D>,
): Promise<D[]> {
  const ids = (await read(collection, request, rows, { _id: 1 })).map(({ _id }) => _id as string);
  return read(collection, { ...request, hint: undefined }, { _id: { $in: ids } } as Filter<D>);
}

/** A search that takes longer is given up and answered 503: nobody waits two seconds for a list. */
export const longestMs = 1_800;

const MaxTimeMSExpired = 50;
/** Whether MongoDB gave up because the time that it was given was over. */
export const isTimeUp = (error: unknown): boolean =>
  (error as { code?: unknown }).code === MaxTimeMSExpired;

type Bounds = Pick<PageRequest<never>, "session" | "hint" | "withinMs">;
const optionsOf = ({ session, hint, withinMs = longestMs }: Bounds) => ({
  maxTimeMS: withinMs,
  ...(session ? { session } : {}),
  ...(hint ? { hint } : {}),
});

export const cursorOf = (row: Document, sort: readonly SortKey[]): string =>
  encodeCursor(sort.map(([path]) => valueAt(row, path)));

export const valueAt = (row: Document, path: string): CursorValue =>
  (path.split(".").reduce<unknown>((held, name) => (held as Document | null)?.[name], row) ??
    null) as CursorValue;

/** What a row after the cursor's fulfils: equal in the first keys, beyond it in the next one. */
function rowsAfter(sort: readonly SortKey[], cursor: string): Document {
  const values = decodeCursor(
    cursor,
    sort.map(() => "any"),
  );
  const places = sort.map(([path, direction], place) => ({
    path,
    direction,
    value: values[place] ?? null,
  }));
  const ways = places.flatMap((key, place) => {
    const beyond = beyondValue(key);
    if (!beyond) return [];
    return [
      { $and: [...places.slice(0, place).map(({ path, value }) => ({ [path]: value })), beyond] },
    ];
  });
  if (ways.length === 0) throw notOfThisList();
  return { $and: [...startOfScan(places[0]), { $or: ways }] };
}

interface KeyPlace {
  path: string;
  direction: 1 | -1;
  value: CursorValue;
}

/** Null sorts before every value, and no comparison finds it: it is named where it comes after. */
function beyondValue({ path, direction, value }: KeyPlace): Document | undefined {
  if (value === null) return direction === 1 ? { [path]: { $ne: null } } : undefined;
  if (direction === 1) return { [path]: { $gt: value } };
  return { $or: [{ [path]: { $lt: value } }, { [path]: null }] };
}

/** Said again of the first key alone, so that the index is entered where the last page ended. */
function startOfScan(first: KeyPlace | undefined): Document[] {
  if (!first || first.value === null) return [];
  const { path, direction, value } = first;
  return [{ [path]: { $not: direction === 1 ? { $lt: value } : { $gt: value } } }];
}
