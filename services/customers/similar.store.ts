/** Where customers who share keys are looked up, and the keys of older ones filled in (F035). */
import type { Document, Filter } from "mongodb";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { beginning, customerOf, withoutLookups } from "./customers.store.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { backfills, customers, type KeptCustomer } from "./tables.store.ts";

/** A search that takes longer is given up and answered 503. */
const longestMs = 1_500;

/**
 * For each beginning of a key, some of the customers who have such a key, `mostPerKey` at most; a
 * key that leads to nobody is left out. One request, and it reads the index alone.
 */
export async function sharing(
  keys: readonly string[],
  mostPerKey: number,
): Promise<{ key: string; ids: string[] }[]> {
  const [first, ...others] = keys.map((key) => withKey(key, mostPerKey));
  if (!first) return [];
  const pipeline = [
    ...first,
    ...others.map((one) => ({ $unionWith: { coll: customers.name, pipeline: one } })),
    { $group: { _id: "$key", ids: { $push: "$_id" } } },
  ];
  const found = await customers
    .native()
    .aggregate<{ _id: string; ids: string[] }>(pipeline, { maxTimeMS: longestMs })
    .toArray();
  return found.map(({ _id: key, ids }) => ({ key, ids: [...new Set(ids)] }));
}

const withKey = (key: string, most: number): Document[] => [
  { $match: { likenessKeys: { $regex: beginning(key) } } },
  { $limit: most },
  { $project: { key: { $literal: key } } },
];

/** Those of the customers who may be shown: neither disabled nor merged into another. */
export async function shown(ids: readonly string[]): Promise<Customer[]> {
  if (ids.length === 0) return [];
  const found = await customers
    .native()
    .find(
      { _id: { $in: [...ids] }, disabled: { $ne: true }, ...notMerged },
      { projection: withoutLookups, maxTimeMS: longestMs },
    )
    .toArray();
  return found.map(customerOf);
}

const notMerged = { mergedInto: { $exists: false } };

// ── Older customers ──────────────────────────────────────────────────────────

/** The next customers in the order of their ids. */
export const customersAfter = (id: string, limit: number): Promise<Customer[]> =>
  inOrder({ _id: { $gt: id } }, limit);

/** Some of the customers without keys: a release before this one has written them. */
export const keyless = (limit: number): Promise<Customer[]> =>
  inOrder({ likenessKeys: { $exists: false } }, limit, "likenessKeys_1__id_1");

async function inOrder(
  filter: Filter<Kept<KeptCustomer>>,
  limit: number,
  hint = "_id_",
): Promise<Customer[]> {
  const found = await customers
    .native()
    .find(filter, { projection: withoutLookups, hint })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.map(customerOf);
}

export interface Filled {
  customer: Customer;
  keys: string[];
}

/** Keeps the keys of customers that nobody has changed meanwhile; answers of how many. */
export async function fill(filled: readonly Filled[]): Promise<number> {
  if (filled.length === 0) return 0;
  const done = await customers.native().bulkWrite(
    filled.map(({ customer: { id, version }, keys }) => ({
      updateOne: { filter: { _id: id, version }, update: { $set: { likenessKeys: keys } } },
    })),
    { ordered: false },
  );
  return done.matchedCount;
}

/** How far a backfill has come: up to this id, or to the end. */
export interface Progress {
  revision: number;
  afterId: string;
  done: boolean;
}

const marker = "likenessKeys";

export async function progress(): Promise<Progress | undefined> {
  const found = await backfills.native().findOne({ _id: marker });
  return found ?? undefined;
}

export async function keepProgress(progressed: Progress): Promise<void> {
  await backfills
    .native()
    .updateOne({ _id: marker }, { $set: { ...progressed, at: new Date() } }, { upsert: true });
}
