/** Looking up what ways lead to: the filters of each, and which leads to the fewest cases. */
import type { Filter } from "mongodb";
import { longestMs } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { filterOf, type Condition } from "./lists-filters.store.ts";
import type { ListSight, Placed, Way } from "./lists-ways.store.ts";
import { cases, type KeptCase } from "./tables.store.ts";

/** The filters of a way: several where MongoDB could not merge all that is in order by itself. */
export const filtersOf = (
  asked: Placed,
  visible: ListSight["visible"],
  way: Way,
): Filter<Kept<KeptCase>>[] => {
  const ofList = filterOf({ ...asked, campaignId: [...asked.campaigns] }, onlySifting(visible));
  return boundsOf(way).map((bounds) => ({ $and: [...bounds, ofList] }) as never);
};

/** Put such that MongoDB does not weigh the branches of what an agent sees as ways in. */
const onlySifting = (visible: ListSight["visible"]): ListSight["visible"] => {
  const { $or: branches } = visible as { $or?: unknown[] };
  return branches && branches.length > 1 ? { $nor: [{ $nor: [visible] }] } : visible;
};

/** MongoDB merges no more orders than this; of more it would sort everything. */
const mostOrders = 200;

/** The bounds of each find that a way takes, for parts of its first field's values. */
function boundsOf({ points, conditions }: Way): Condition[][] {
  const [first, ...others] = Object.entries(points);
  if (!first) return [conditions];
  const [field, values] = first;
  const ordersOfEach = others.reduce((product, [, some]) => product * some.length, 1);
  const atOnce = Math.max(1, Math.floor(mostOrders / Math.max(1, ordersOfEach)));
  const fixed = others.map(([name, some]) => ({ [name]: { $in: some } }));
  const parts = Math.ceil(values.length / atOnce);
  return Array.from({ length: parts }, (_, part) => [
    { [field]: { $in: values.slice(part * atOnce, (part + 1) * atOnce) } },
    ...fixed,
    ...conditions,
  ]);
}

/** The way that leads to the fewest cases, and to how many; counted up to a limit. */
export async function rarestOf(leads: readonly Way[], limit: number) {
  const counted = await Promise.all(
    leads.map(async (lead) => ({ lead, count: await countBy(lead, limit) })),
  );
  return counted.reduce((rarest, one) => (one.count < rarest.count ? one : rarest));
}

/** Told by the index alone. */
async function countBy(way: Way, limit: number): Promise<number> {
  const counts = await Promise.all(
    boundsOf(way).map((bounds) =>
      cases.native().countDocuments(
        { $and: bounds },
        {
          hint: way.entry,
          limit,
          maxTimeMS: longestMs,
        },
      ),
    ),
  );
  return counts.reduce((sum, one) => sum + one, 0);
}
