/** Where customers are kept. */
import type { ClientSession } from "mongodb";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { contactKeys, customers, type KeptCustomer } from "./tables.store.ts";

/** What a customer is found by, beside what it is. */
export type Lookups = Pick<
  KeptCustomer,
  "documentKey" | "searchWords" | "sortName" | "contactKeys"
>;

const withoutLookups = { documentKey: 0, searchWords: 0, sortName: 0, contactKeys: 0 } as const;

/** @throws 404 NOT_FOUND */
export async function get(id: string, session?: ClientSession): Promise<Customer> {
  const options = { projection: withoutLookups, ...(session ? { session } : {}) };
  const found = await customers.native().findOne({ _id: id }, options);
  if (!found) throw notFound("customer", id);
  return customerOf(found);
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
  await claimKeys(customer.id, lookups.contactKeys, session);
}

/**
 * Keeps a customer in place of what was read of it in the same transaction, which fails and is
 * tried again when another has changed it meanwhile.
 * @throws 409 CUSTOMER_EXISTS with `existingId` when another has its document
 */
export async function replace(
  customer: Customer,
  lookups: Lookups,
  session: ClientSession,
): Promise<void> {
  await requireOwnDocument(customer.id, lookups, session);
  const { _id, ...kept } = keptWith(customer, lookups);
  await customers.native().replaceOne({ _id }, kept, { session });
  await claimKeys(customer.id, lookups.contactKeys, session);
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
  if (holder) {
    throw conflict("CUSTOMER_EXISTS", "A customer with this document exists", {
      existingId: holder._id,
    });
  }
}

async function claimKeys(customerId: string, keys: string[], session: ClientSession) {
  if (keys.length === 0) return;
  await contactKeys.native().bulkWrite(
    keys.map((key) => ({
      updateOne: { filter: { _id: key }, update: { $setOnInsert: { customerId } }, upsert: true },
    })),
    { session },
  );
}

/** Moves the last interaction of each of these customers forward, never back. */
export async function heardFrom(
  customersHeard: ReadonlyMap<string, Date>,
  session: ClientSession,
): Promise<void> {
  const operations = [...customersHeard].map(([id, at]) => ({
    updateOne: { filter: { _id: id }, update: { $max: { lastInteractionAt: at } } },
  }));
  await customers.native().bulkWrite(operations, { session, ordered: false });
}

/** Those of the customers that exist, in no order. */
export async function describe(ids: string[]): Promise<Customer[]> {
  const found = await customers
    .native()
    .find({ _id: { $in: ids } }, { projection: withoutLookups })
    .toArray();
  return found.map(customerOf);
}

/** A customer as it is kept. */
export const keptWith = (customer: Customer, lookups: Lookups): Kept<KeptCustomer> =>
  keptOf<KeptCustomer>({ ...customer, ...lookups });

/** A customer as others know it. */
export function customerOf(kept: Kept<Customer> & Partial<Lookups>): Customer {
  const {
    documentKey: _documentKey,
    searchWords: _searchWords,
    sortName: _sortName,
    contactKeys: _contactKeys,
    ...customer
  } = kept;
  return entityOf<Customer>(customer);
}
