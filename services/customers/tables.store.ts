/** The collections of the customers service, with an index for every filter and sort it offers. */
import { contactPointType } from "#shared/contracts/common.ts";
import { Customer } from "#shared/contracts/customers/customer.ts";
import { Merge } from "#shared/contracts/customers/merge.ts";
import {
  id,
  instant,
  list,
  optional,
  personal,
  record,
  text,
  type Received,
} from "#shared/fields.ts";
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

/**
 * A merge, and at the same time the tombstone of the customer that went: kept for ever, so that its
 * id leads on (D03). It is no customer any more: no list, search or key finds it.
 */
export type KeptMerge = Received<typeof KeptMerge>;
const KeptMerge = {
  ...Merge,
  /** Who stands for the absorbed today, at the end of however long a chain. */
  into: id,
  /** Whose id its cases carry today; absent where they stayed with the absorbed. */
  casesWith: optional(id),
  /** The services that still have to carry the survivor's id. */
  waiting: list(text(40), 10),
  /** What the absorbed was. */
  absorbed: record(Customer),
  documentKey: optional(personal(text(110))),
};

export const merges = collection("customers", "merges", KeptMerge, [
  { key: { absorbedId: 1 }, unique: true },
  { key: { into: 1, _id: -1 } },
  { key: { casesWith: 1 }, partialFilterExpression: { casesWith: { $exists: true } } },
  { key: { documentKey: 1 }, partialFilterExpression: { documentKey: { $exists: true } } },
]);
