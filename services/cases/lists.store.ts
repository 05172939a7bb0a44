/** Lists of cases (F120, F127, F131, F132, D12, D13, G03): filters, searches and sorts, each by an index. */
import type { ClientSession } from "mongodb";
import { findMerged } from "#shared/mongo/merged-pages.ts";
import { findPage, isTimeUp, longestMs, type Page } from "#shared/mongo/pages.ts";
import { findInParts } from "#shared/mongo/parts.ts";
import type { Kept } from "#shared/mongo/store.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { caseOf } from "./cases.store.ts";
import { fewSought, pageOfFew } from "./lists-few.store.ts";
import { filterOf } from "./lists-filters.store.ts";
import { filtersOf, rarestOf } from "./lists-lookups.store.ts";
import {
  leadsOf,
  sorts,
  walkOf,
  type ListSight,
  type Placed,
  type Way,
} from "./lists-ways.store.ts";
import { partsOf, type Asked, type PlainAsked } from "./lists.rules.ts";
import { cases, entries, unread, type KeptCase } from "./tables.store.ts";

type Rows = Page<Kept<KeptCase>>;

/**
 * One page of the visible cases that fulfil everything asked for; where customers are named, also of
 * those that may only be read (F125).
 * @throws 422 VALIDATION_ERROR at `cursor` for a cursor of another list
 */
export async function list(
  asked: Asked,
  sight: ListSight,
  session?: ClientSession,
): Promise<Page<Case>> {
  const campaigns = asked.customerId ? [] : await campaignsIn(asked, sight);
  const parts = partsOf(asked);
  const [only] = parts;
  const few = await fewSought({ ...asked, campaigns }, sight);
  const rowsOf = (part: PlainAsked) =>
    few ? Promise.resolve(pageOfFew(few, part)) : partIn({ ...part, campaigns }, sight, session);
  const { items, nextCursor } =
    only && parts.length === 1
      ? await rowsOf(only)
      : await findInParts(
          () => parts.map((part) => (paging) => rowsOf({ ...part, ...paging })),
          asked,
          { knowsEnd: asked.sort !== "relevance" }, // whether the rest has any is the dearest to tell
        );
  const total = asked.count ? { total: await count({ ...asked, campaigns }, sight, session) } : {};
  return { items: items.map(caseOf), nextCursor, ...total };
}

/** The campaigns to look through: those asked for that are visible, or all that have a case. */
export async function campaignsIn(
  { campaignId: asked }: Pick<Asked, "campaignId">,
  { campaignIds: seen }: Pick<ListSight, "campaignIds">,
): Promise<string[]> {
  if (seen) return [...new Set(seen)].filter((id) => asked?.includes(id) ?? true);
  return asked ? [...new Set(asked)] : cases.native().distinct("campaignId");
}

/**
 * Fewer cases than `few` are looked up and put in order; of more, a walk in the list's own order
 * soon meets a page. A walk that takes longer than `walkMs` is taken to be a long one, and broken
 * off for what leads to less than `many` (as in decision 0014).
 */
const few = 2_000;
const many = 50_000;
const walkMs = 600;

async function partIn(
  asked: Placed,
  sight: ListSight,
  session: ClientSession | undefined,
): Promise<Rows> {
  if (asked.customerId) return ofCustomers(asked, sight, session);
  const until = performance.now() + longestMs;
  const walk = walkOf(asked, sight);
  const leads = leadsOf(asked, sight, walk);
  if (leads.length === 0) return pageBy(asked, sight, walk, longestMs);

  const rarest = await rarestOf(leads, few);
  if (rarest.count < few) return pageBy(asked, sight, rarest.lead, longestMs);
  try {
    return await pageBy(asked, sight, walk, walkMs);
  } catch (error) {
    if (!isTimeUp(error)) throw error;
  }
  const next = await rarestOf(leads, many);
  const way = next.count < many ? next.lead : walk;
  return pageBy(asked, sight, way, Math.max(1, Math.round(until - performance.now())));
}

/** One customer has few cases. */
const ofCustomers = (asked: Placed, { readable }: ListSight, session?: ClientSession) =>
  findPage(cases.native(), {
    filter: filterOf(asked, readable),
    sort: sorts[asked.sort].keys,
    limit: asked.limit,
    cursor: asked.cursor,
    hint: entries.customer,
    without: unread,
    ...(session ? { session } : {}),
  });

const pageBy = (asked: Placed, { visible }: ListSight, way: Way, withinMs: number): Promise<Rows> =>
  findMerged(cases.native(), filtersOf(asked, visible, way), {
    sort: sorts[asked.sort].keys,
    limit: asked.limit,
    cursor: asked.cursor,
    hint: way.entry,
    withinMs,
    without: unread,
  });

/** How many there are in all, by the way that leads to the fewest. */
async function count(
  asked: Asked & { campaigns: string[] },
  sight: ListSight,
  session: ClientSession | undefined,
): Promise<number> {
  const options = { maxTimeMS: longestMs, ...(session ? { session } : {}) };
  if (asked.customerId) {
    const filter = filterOf(asked, sight.readable);
    return cases.native().countDocuments(filter, { ...options, hint: entries.customer });
  }
  const placed: Placed = { ...asked, sort: "-created" };
  const walk = walkOf(placed, sight);
  const leads = leadsOf(placed, sight, walk);
  const rarest = leads.length > 0 ? await rarestOf(leads, many) : undefined;
  const way = rarest && rarest.count < many ? rarest.lead : walk;
  const counts = await Promise.all(
    filtersOf(placed, sight.visible, way).map((filter) =>
      cases.native().countDocuments(filter, { ...options, hint: way.entry }),
    ),
  );
  return counts.reduce((sum, one) => sum + one, 0);
}
