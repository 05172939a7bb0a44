/** The collections of the customers service, with an index for every filter and sort it offers. */
import { contactPointType } from "#shared/contracts/common.ts";
import { Customer } from "#shared/contracts/customers/customer.ts";
import { id, instant, list, optional, personal, text, type Received } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** A customer as it is kept. */
export type KeptCustomer = Received<typeof KeptCustomer>;
const KeptCustomer = {
  ...Customer,
  /** Type and number in normal form; unique. */
  documentKey: optional(personal(text(110))),
  searchWords: personal(list(text(40), 200)),
  /** The keys of all its contact points, owned or not. */
  contactKeys: personal(list(text(700), 200)),
};

export const customers = collection("customers", "customers", KeptCustomer, [
  {
    key: { documentKey: 1 },
    unique: true,
    partialFilterExpression: { documentKey: { $exists: true } },
  },
  { key: { searchWords: 1, _id: -1 } },
  { key: { tags: 1, _id: -1 } },
]);

/**
 * Whom a message from an address belongs to: `_id` is the address's key, so that a burst from a
 * new sender makes one customer (P2). A key has one owner, the first customer to have it; others
 * may have the same contact point by hand, as families share a telephone, but its messages are
 * the owner's.
 */
export const contactKeys = collection("customers", "contactKeys", { id, customerId: id }, [
  { key: { customerId: 1 } },
]);

/** The platform's block list (F025). */
export type KeptBlocked = Received<typeof KeptBlocked>;
const KeptBlocked = {
  id,
  key: personal(text(700)),
  type: contactPointType,
  value: personal(text(320)),
  reason: optional(text(300)),
  createdAt: instant,
};

export const blocked = collection("customers", "blocked", KeptBlocked, [
  { key: { key: 1 }, unique: true },
  { key: { createdAt: -1, _id: -1 } },
]);

/** Addresses that were blocked once, by the id that the change log has of them, so that they can be erased. */
export const formerlyBlocked = collection(
  "customers",
  "formerlyBlocked",
  { id, key: personal(text(700)) },
  [{ key: { key: 1, _id: 1 } }],
);
