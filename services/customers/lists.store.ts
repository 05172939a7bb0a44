/** Lists of customers (G18): filters, searches and sorts, each by an index. */
import type { CountDocumentsOptions, Filter } from "mongodb";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { findPage, isTimeUp, type Page, type SortKey } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { customerOf } from "./customers.store.ts";
import {
  conditionsOf,
  leadsOf,
  type Asked,
  type Condition,
  type Lead,
  type Params,
} from "./lists-filters.store.ts";
import { customers, entries, type KeptCustomer } from "./tables.store.ts";

const newest = ["_id", -1] as const;

/** Ids are as old as their customers. */
export const sorts: Record<Params["sort"], { keys: readonly SortKey[]; entry: string }> = {
  "-created": { keys: [newest], entry: entries.id },
  created: { keys: [["_id", 1]], entry: entries.id },
  name: {
    keys: [
      ["sortName", 1],
      ["_id", 1],
    ],
    entry: entries.name,
  },
  "-updated": { keys: [["updatedAt", -1], newest], entry: entries.updated },
  "-lastInteraction": { keys: [["lastInteractionAt", -1], newest], entry: entries.lastInteraction },
};

/**
 * Fewer customers than `few` are looked up and put in order; of more, a walk in the list's own
 * order soon meets a page. A walk that takes longer than `walkMs` is taken to be a long one, as
 * where words that are common each are on nobody together. Counting is not for nothing, either:
 * at a million customers these keep each of the ways below some 30 ms.
 */
const ways = {
  /** The walk is among those that one of the conditions leads to. */
  inOrder: { few: 1_000, walkMs: 150 },
  /** The index alone tells the page of one word: a third of the cost. */
  alone: { few: 1_000, walkMs: 15 },
  other: { few: 7_000, walkMs: 150 },
};
const glimpseMs = 8;
/** How far counting goes after that, to tell which of several common things is the rarest. */
const many = 50_000;

/** A way to the customers of a list. */
interface Way {
  entry: string;
  lead?: Lead | undefined;
  withinMs: number;
}

/**
 * One page of the customers that fulfil everything asked for: looked up by the rarest thing that
 * leads to them, or met on a walk in the list's own order, whichever is shorter.
 * @throws 422 at `cursor` for a cursor of another list
 */
export async function list(asked: Asked): Promise<Page<Customer>> {
  const until = performance.now() + asked.withinMs;
  const leads = leadsOf(asked);
  const walk = walkOf(asked, leads);
  const isWalk = leads.length === 0 || (leads.length === 1 && walk.lead !== undefined);
  if (isWalk) return pageBy(asked, walk);

  const { few, walkMs } = ways[kindOf(asked, walk, leads)];
  const rarest = await rarestOf(asked, leads, few);
  if (rarest.count < few) return pageBy(asked, lookUp(asked, rarest.lead));
  const tries = [
    ...glimpsesOf(asked, leads),
    { ...walk, withinMs: Math.min(walkMs, asked.withinMs) },
  ];
  const page = await firstInTime(asked, tries);
  if (page) return page;
  const way = await wayAfterWalk(asked, walk, leads);
  return pageBy(asked, { ...way, withinMs: Math.max(1, Math.round(until - performance.now())) });
}

/** Of several common tags, say, one is far rarer: a short walk among those of each finds out. */
function glimpsesOf({ sort }: Asked, leads: readonly Lead[]): Way[] {
  const inOrder = leads.filter(
    ({ order, entry }) => order === sorts[sort].entry && entry !== entries.words,
  );
  return inOrder.length > 1
    ? inOrder.map((lead) => ({ entry: lead.entry, lead, withinMs: glimpseMs }))
    : [];
}

/** The page of the first way that finds it within its time; undefined where none does. */
async function firstInTime(asked: Asked, tries: readonly Way[]) {
  for (const way of tries) {
    try {
      return await pageBy(asked, way);
    } catch (error) {
      if (!isTimeUp(error)) throw error;
    }
  }
  return undefined;
}

const kindOf = (asked: Asked, walk: Way, leads: readonly Lead[]): keyof typeof ways => {
  if (walk.lead) return "inOrder";
  return leads.some(aloneIn(asked)) ? "alone" : "other";
};

/** In the list's own order: among those that a lead gives in this order, or among all. */
function walkOf({ sort, withinMs }: Asked, leads: readonly Lead[]): Way {
  const { entry } = sorts[sort];
  const lead = leads.find(({ order }) => order === entry);
  return lead ? { entry: lead.entry, lead, withinMs } : { entry, withinMs };
}

const lookUp = ({ withinMs }: Asked, lead: Lead): Way => ({ entry: lead.entry, lead, withinMs });

/** A long walk is better than looking up very many. */
async function wayAfterWalk(asked: Asked, walk: Way, leads: readonly Lead[]): Promise<Way> {
  const [only] = leads;
  if (only && leads.length === 1) return lookUp(asked, only);
  const { lead, count } = await rarestOf(asked, leads, many);
  return count < many ? lookUp(asked, lead) : walk;
}

async function rarestOf(asked: Asked, leads: readonly Lead[], limit: number) {
  const counted = await Promise.all(
    leads.map(async (lead) => ({ lead, count: await countOf(asked, lead, limit) })),
  );
  return counted.reduce((rarest, one) => (one.count < rarest.count ? one : rarest));
}

/** Told by the index alone. */
const countOf = ({ disabled, withinMs }: Asked, { condition, entry }: Lead, limit: number) =>
  counted([condition, ...enabledness(disabled)], { hint: entry, limit, maxTimeMS: withinMs });

const counted = (conditions: Condition[], options: CountDocumentsOptions): Promise<number> =>
  customers.native().countDocuments({ $and: conditions }, options);

/**
 * A beginning of one word, with nothing to sift but whether a customer is disabled: the index knows
 * who is on the page, and only those are fetched.
 */
const aloneIn =
  (asked: Asked) =>
  (lead: Lead): boolean =>
    lead.order === undefined &&
    conditionsOf(asked, lead).length === 1 &&
    sorts[asked.sort].entry === entries.id;

async function pageBy(asked: Asked, { entry, lead, withinMs }: Way): Promise<Page<Customer>> {
  const { sort, limit, cursor } = asked;
  const found = await findPage(customers.native(), {
    filter: filterOf(asked, lead),
    sort: sorts[sort].keys,
    limit,
    cursor,
    hint: entry,
    withinMs,
    idsFirst: lead !== undefined && aloneIn(asked)(lead),
    without: ["searchWords", "contactKeys"],
  });
  return { ...found, items: found.items.map(customerOf) };
}

/**
 * How many customers fulfil everything asked for, counted up to `limit`. Of all customers there is
 * a tally, which may be off by what a crash of the server interrupted.
 */
export async function count(asked: Asked, limit?: number): Promise<number> {
  const leads = leadsOf(asked);
  const [only] = leads;
  if (conditionsOf(asked, only).length === 0) return tally(asked, limit);
  const lead = leads.length > 1 ? (await rarestOf(asked, leads, many)).lead : only;
  return counted([...conditionsOf(asked, lead), ...enabledness(asked.disabled)], {
    hint: lead?.entry ?? entries.id,
    maxTimeMS: asked.withinMs,
    ...(limit ? { limit } : {}),
  });
}

async function tally({ disabled }: Asked, limit = Number.MAX_SAFE_INTEGER): Promise<number> {
  const all = await customers.native().estimatedDocumentCount();
  const apart =
    disabled === "all" ? 0 : await counted([{ disabled: true }], { hint: entries.disabled });
  return Math.min(limit, all - apart);
}

/** @param lead what the index is entered by; otherwise all is sifted */
export function filterOf(asked: Asked, lead?: Lead): Filter<Kept<KeptCustomer>> {
  const conditions = [...conditionsOf(asked, lead), ...enabledness(asked.disabled)];
  return conditions.length > 0 ? { $and: conditions } : {};
}

const enabledness = (disabled: Asked["disabled"]) =>
  disabled === "all" ? [] : [{ disabled: disabled === "true" }];
