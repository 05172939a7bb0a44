/** Searches that find little: their cases are read at once and told apart here (F127, D13). */
import { longestMs, type Page } from "#shared/mongo/pages.ts";
import { pageAmong } from "#shared/mongo/rows-at-hand.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { filtersOf, rarestOf } from "./lists-lookups.store.ts";
import { leadsOf, sorts, walkOf, type ListSight, type Placed } from "./lists-ways.store.ts";
import { matchOf, type Asked, type Match, type PlainAsked } from "./lists.rules.ts";
import { cases, type KeptCase } from "./tables.store.ts";

/** So few that they are read together, and told apart here. */
const fewest = 200;

/** All that a search finds, where that is little: the parts of its list are then told without MongoDB. */
export async function fewSought(
  { sort, sought, customerId, ...asked }: Asked & { campaigns: string[] },
  sight: ListSight,
): Promise<Found[] | undefined> {
  if (sort !== "relevance" || customerId || !sought || sought.length === 0) return undefined;
  const placed: Placed = { ...asked, sought, sort: "-created" };
  const { count, lead } = await rarestOf(leadsOf(placed, sight, walkOf(placed, sight)), fewest);
  if (count >= fewest) return undefined;
  const found = await Promise.all(
    filtersOf(placed, sight.visible, lead).map((filter) =>
      cases
        .native()
        .find(filter, {
          hint: lead.entry,
          maxTimeMS: longestMs,
          projection: { slot: 0, formerSlot: 0 },
        })
        .toArray(),
    ),
  );
  return found.flat().map((row) => ({ row, match: matchOf(row.searchWords, sought) }));
}

interface Found {
  row: Kept<KeptCase>;
  match: Match | undefined;
}

/** One page of those of them that are part of a list. */
export const pageOfFew = (
  found: readonly Found[],
  { match, sort, limit, cursor }: PlainAsked,
): Page<Kept<KeptCase>> =>
  pageAmong(
    found.flatMap((one) => (one.match === match ? [one.row] : [])),
    { sort: sorts[sort].keys, limit, cursor },
  );
