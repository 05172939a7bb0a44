/** Where customers are kept. */
import type { ClientSession } from "mongodb";
import type {
  ContactPoint,
  Customer,
  CustomerOwner,
} from "#shared/contracts/customers/customer.ts";
import { conflict, moved, notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { searchWordsOf as accountWordsOf } from "./accounts.store.ts";
import { moveKeys } from "./contact-keys.store.ts";
import { survivorOf, survivorWithDocument } from "./merges.store.ts";
import { customers, removedContactPoints, type KeptCustomer } from "./tables.store.ts";

/** What a customer is found by, beside what it is. */
export type Lookups = Pick<
  KeptCustomer,
  "documentKey" | "searchWords" | "sortName" | "contactKeys" | "likenessKeys"
>;

/**
 * A customer is found by its accounts, too: what keeps one that is there reads their words in the
 * same transaction, so that no way of writing forgets them.
 */
type LookupsBeside = (accountWords: readonly string[]) => Lookups;

export const withoutLookups = {
  documentKey: 0,
  searchWords: 0,
  sortName: 0,
  contactKeys: 0,
  likenessKeys: 0,
  heldBy: 0,
} as const;

/** @throws 404 NOT_FOUND; 308 MOVED with `survivorId` where it was merged into another (D03) */
export async function get(id: string, session?: ClientSession): Promise<Customer> {
  const options = { projection: withoutLookups, ...(session ? { session } : {}) };
  const found = await customers.native().findOne({ _id: id }, options);
  if (found) return customerOf(found);
  const survivorId = await survivorOf(id, session);
  throw survivorId ? moved("customer", id, survivorId) : notFound("customer", id);
}

/**
 * Keeps a new customer and claims those of its contact keys that nobody owns.
 * @throws 409 CUSTOMER_EXISTS with `existingId` when another has its document
 */
export async function insert(
  customer: Customer,
  lookups: Lookups,
  session: ClientSession,
): Promise<void> {
  await requireOwnDocument(customer.id, lookups, session);
  await customers.native().insertOne(keptWith(customer, lookups), { session });
  await moveKeys(customer.id, { before: [], after: lookups.contactKeys }, session);
}

/**
 * Keeps a customer in place of what was read of it in the same transaction, which fails and is
 * tried again when another has changed it meanwhile. Whoever changes its contact points moves
 * their keys, too.
 * @throws 409 CUSTOMER_EXISTS with `existingId` when another has its document
 */
export async function replace(
  customer: Customer,
  lookupsBeside: LookupsBeside,
  session: ClientSession,
): Promise<void> {
  const lookups = lookupsBeside(await accountWordsOf(customer.id, session));
  await requireOwnDocument(customer.id, lookups, session);
  const { _id, ...kept } = keptWith(customer, lookups);
  await customers.native().replaceOne({ _id }, kept, { session });
}

/**
 * Keeps what a customer is found by after a change of its accounts, and holds the customer: of
 * two who change its accounts, or it and them, at the same moment one is tried again.
 */
export async function keepLookups(
  id: string,
  lookupsBeside: LookupsBeside,
  session: ClientSession,
): Promise<void> {
  const lookups = lookupsBeside(await accountWordsOf(id, session));
  await customers
    .native()
    .updateOne({ _id: id }, { $set: { ...lookups, heldBy: newId() } }, { session });
}

/**
 * Holds customers until the transaction ends, so that of two who relate, merge or fill them at the
 * same moment one is tried again. Answers those that are there, in no order.
 */
export async function hold(ids: string[], session: ClientSession): Promise<Customer[]> {
  const those = { _id: { $in: ids } };
  await customers.native().updateMany(those, { $set: { heldBy: newId() } }, { session });
  const found = await customers
    .native()
    .find(those, { projection: withoutLookups, session })
    .toArray();
  return found.map(customerOf);
}

async function requireOwnDocument(
  id: string,
  { documentKey }: Lookups,
  session: ClientSession,
): Promise<void> {
  if (!documentKey) return;
  const holder = await customers
    .native()
    .findOne({ documentKey, _id: { $ne: id } }, { session, projection: { _id: 1 } });
  const existingId = holder?._id ?? (await survivorWithDocument(documentKey, session));
  if (existingId && existingId !== id) {
    throw conflict("CUSTOMER_EXISTS", "A customer with this document exists", { existingId });
  }
}

/** Keeps what a contact point was that somebody removed (D16). */
export async function bury(
  customerId: string,
  point: ContactPoint,
  { at: removedAt, by: removedBy }: { at: Date; by: string },
  session: ClientSession,
): Promise<void> {
  const tombstone = { ...keptOf(point), customerId, removedAt, removedBy };
  await removedContactPoints.native().insertOne(tombstone, { session });
}

/** The owners of those of these customers who have any. */
export async function ownersOf(
  ids: string[],
): Promise<{ id: string; owners: readonly CustomerOwner[] }[]> {
  const found = await customers
    .native()
    .find({ _id: { $in: ids }, "owners.userId": { $exists: true } })
    .project<{ _id: string; owners: CustomerOwner[] }>({ owners: 1 })
    .toArray();
  return found.map(({ _id: id, owners }) => ({ id, owners }));
}

/**
 * Moves the last interaction of each of these customers forward, never back. Answers those that are
 * no customers, or no longer.
 */
export async function heardFrom(customersHeard: ReadonlyMap<string, Date>): Promise<string[]> {
  if (customersHeard.size === 0) return [];
  const operations = [...customersHeard].map(([id, at]) => ({
    updateOne: { filter: { _id: id }, update: { $max: { lastInteractionAt: at } } },
  }));
  const { matchedCount } = await customers.native().bulkWrite(operations, { ordered: false });
  if (matchedCount === operations.length) return [];
  const ids = [...customersHeard.keys()];
  const there = new Set(await customers.native().distinct("_id", { _id: { $in: ids } }));
  return ids.filter((id) => !there.has(id));
}

/** Those of the customers that exist, in no order. */
export async function describe(ids: string[]): Promise<Customer[]> {
  const found = await customers
    .native()
    .find({ _id: { $in: ids } }, { projection: withoutLookups })
    .toArray();
  return found.map(customerOf);
}

/** A pattern for what begins with this text: whatever else it might mean is escaped. */
export const beginning = (text: string): string =>
  `^${text.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)}`;

/** A customer as it is kept. */
export const keptWith = (customer: Customer, lookups: Lookups): Kept<KeptCustomer> =>
  keptOf<KeptCustomer>({ ...customer, ...lookups });

/** A customer as others may see it. */
export function customerOf(
  kept: Kept<Customer> & Partial<Lookups> & { heldBy?: string },
): Customer {
  const {
    documentKey: _documentKey,
    searchWords: _searchWords,
    sortName: _sortName,
    contactKeys: _contactKeys,
    heldBy: _heldBy,
    likenessKeys: _likenessKeys,
    ...customer
  } = kept;
  return entityOf<Customer>(customer);
}
