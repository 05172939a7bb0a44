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
  /** The words that it is found by, and the pairs of their beginnings. */
  searchWords: personal(list(text(40), 266)),
  /** The beginning of the name, folded, for lists in its order. */
  sortName: personal(text(60, 0)),
  /** The keys of all its contact points, owned or not. */
  contactKeys: personal(list(text(700), 200)),
};

/**
 * The indexes that lists enter by. A new customer pays for each, and most are made by a message:
 * what few customers have is kept apart, in partial indexes. `disabled` stands at the end of those
 * that lead to customers, so that counting the enabled ones reads nothing but the index.
 */
export const entries = {
  id: "_id_",
  words: "words",
  tags: "tags",
  owners: "owners",
  companies: "companies",
  disabled: "disabled",
  name: "name",
  updated: "updated",
  lastInteraction: "lastInteraction",
} as const;

export const customers = collection("customers", "customers", KeptCustomer, [
  {
    key: { documentKey: 1 },
    unique: true,
    partialFilterExpression: { documentKey: { $exists: true } },
  },
  { name: entries.words, key: { searchWords: 1, _id: -1, disabled: 1 } },
  {
    name: entries.tags,
    key: { tags: 1, _id: -1, disabled: 1 },
    partialFilterExpression: { tags: { $gt: "" } },
  },
  {
    name: entries.owners,
    key: { "owners.userId": 1, _id: -1, disabled: 1 },
    partialFilterExpression: { "owners.userId": { $exists: true } },
  },
  {
    name: entries.companies,
    key: { kind: 1, _id: -1, disabled: 1 },
    partialFilterExpression: { kind: "company" },
  },
  {
    name: entries.disabled,
    key: { disabled: 1, _id: -1 },
    partialFilterExpression: { disabled: true },
  },
  { name: entries.name, key: { sortName: 1, _id: 1 } },
  { name: entries.updated, key: { updatedAt: -1, _id: -1 } },
  { name: entries.lastInteraction, key: { lastInteractionAt: -1, _id: -1 } },
]);

/**
 * Whom a message from an address belongs to: `_id` is the address's key, so that a burst from a
 * new sender makes one customer (P2). A key has one owner, the first customer to have it; others
 * may have the same contact point by hand, as families share a telephone, but its messages are
 * the owner's.
 */
export const contactKeys = collection("customers", "contactKeys", { id, customerId: id }, []);

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
