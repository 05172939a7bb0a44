/** The collections of the customers service, with an index for every filter and sort it offers. */
import { contactPointType } from "#shared/contracts/common.ts";
import { Account } from "#shared/contracts/customers/accounts.ts";
import { ContactPoint, Customer } from "#shared/contracts/customers/customer.ts";
import { DocumentType } from "#shared/contracts/customers/document-types.ts";
import { Merge } from "#shared/contracts/customers/merge.ts";
import { CustomerRelation } from "#shared/contracts/customers/relations.ts";
import {
  id,
  instant,
  list,
  optional,
  personal,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** The longest key by which similar customers are found, and the most of one customer. */
const longestKey = 80;
const mostKeys = 60;

/** A customer as it is kept. */
export type KeptCustomer = Received<typeof KeptCustomer>;
const KeptCustomer = {
  ...Customer,
  /** Type and number in normal form; unique. */
  documentKey: optional(personal(text(110))),
  /** Its own words, those of its accounts (500 with six each), and the pairs of their beginnings. */
  searchWords: personal(list(text(40), 3_266)),
  /** The beginning of the name, folded, for lists in its order. */
  sortName: personal(text(60, 0)),
  /** The keys of all its contact points, owned or not. */
  contactKeys: personal(list(text(700), 200)),
  /** Written anew by whoever changes what belongs to the customer, so that two such writes meet. */
  heldBy: optional(id),
  /** By which similar ones are found; missing until the backfill has come to an older customer. */
  likenessKeys: optional(personal(list(text(longestKey), mostKeys))),
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
  { key: { contactKeys: 1, _id: 1 } },
  // with the id, so that a search for similar ones reads the index alone
  { key: { likenessKeys: 1, _id: 1 } },
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
export const contactKeys = collection(
  "customers",
  "contactKeys",
  {
    id,
    customerId: id,
    /** How often contact points of this key came and went: see `moveKeys`. */
    moves: optional(whole(0, Number.MAX_SAFE_INTEGER)),
  },
  [{ key: { customerId: 1 } }],
);

/** What contact points were that somebody removed (D16). */
export const removedContactPoints = collection(
  "customers",
  "removedContactPoints",
  { ...ContactPoint, customerId: id, removedAt: instant, removedBy: id },
  [{ key: { customerId: 1, _id: 1 } }],
);

/** The configured types of documents (G17). */
export type KeptDocumentType = Received<typeof KeptDocumentType>;
const KeptDocumentType = { ...DocumentType, codeKey: text(20) };

export const documentTypes = collection("customers", "documentTypes", KeptDocumentType, [
  { key: { codeKey: 1 }, unique: true },
  { key: { order: 1, _id: 1 } },
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

/** An account as it is kept; a deleted one has no `numberKey` any more (D16). */
export type KeptAccount = Received<typeof KeptAccount>;
export const KeptAccount = {
  ...Account,
  /** The number in normal form; unique among a customer's live accounts (D19). */
  numberKey: optional(personal(text(1_200))),
  searchWords: optional(personal(list(text(40), 6))),
  deletedAt: optional(instant),
  deletedBy: optional(id),
  /** Since when it does not tell any more whose it was (B08). */
  erasedAt: optional(instant),
};

const liveAccounts = { partialFilterExpression: { numberKey: { $exists: true } } };

export const accounts = collection("customers", "accounts", KeptAccount, [
  { key: { customerId: 1, numberKey: 1 }, unique: true, ...liveAccounts },
  { key: { customerId: 1, _id: 1 }, ...liveAccounts },
  { key: { customerId: 1, _id: 1 }, name: "alsoDeleted" },
]);

/** A relation as it is kept; a deleted one has no `pairKey` any more (D16). */
export type KeptRelation = Received<typeof KeptRelation>;
export const KeptRelation = {
  ...CustomerRelation,
  /** Both customers, in the order of their ids: two have one relation, from whichever side. */
  pairKey: optional(text(130)),
  /** Both customers, so that one index finds a customer's relations from either side. */
  customerIds: list(id, 2),
  deletedAt: optional(instant),
  deletedBy: optional(id),
  /** Since when it does not tell any more what the two were to each other (B08). */
  erasedAt: optional(instant),
};

const liveRelations = { partialFilterExpression: { pairKey: { $exists: true } } };

export const relations = collection("customers", "relations", KeptRelation, [
  { key: { pairKey: 1 }, unique: true, ...liveRelations },
  { key: { customerIds: 1, _id: 1 }, ...liveRelations },
  { key: { customerIds: 1, _id: 1 }, name: "alsoDeleted" },
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

/** How far what is derived from older customers has been filled in. */
const Backfill = { id, revision: whole(1, 1_000), afterId: text(64, 0), done: yesNo, at: instant };

export const backfills = collection("customers", "backfills", Backfill, []);
