/** Customers: the persons and companies our cases are about, and how they are reached. */
import { contract } from "../contract.ts";
import {
  day,
  id,
  instant,
  list,
  nullable,
  oneOf,
  optional,
  partial,
  personal,
  record,
  text,
  withDefault,
  yesNo,
  type Received,
} from "../fields.ts";
import { contactPointType, country, page, paging, trail, version } from "./common.ts";

/** A typed address of a customer; `key` is its normal form, by which messages find it. */
export type ContactPoint = Received<typeof ContactPoint>;
export const ContactPoint = {
  id,
  type: contactPointType,
  value: personal(text(320)),
  label: optional(text(60)),
  createdAt: instant,
};

const newContactPoint = record({
  type: contactPointType,
  value: personal(text(320)),
  label: optional(text(60)),
});

const profile = {
  documentType: optional(nullable(text(40))),
  documentNumber: optional(nullable(personal(text(60)))),
  firstName: optional(nullable(personal(text(80)))),
  middleName: optional(nullable(personal(text(80)))),
  lastName: optional(nullable(personal(text(80)))),
  secondLastName: optional(nullable(personal(text(80)))),
  businessName: optional(nullable(personal(text(160)))),
  birthDate: optional(nullable(personal(day))),
  gender: optional(nullable(text(40))),
  tags: withDefault(list(text(60), 50), []),
};

export type Customer = Received<typeof Customer>;
export const Customer = {
  id,
  kind: oneOf("person", "company"),
  ...profile,
  /** The name in one line, as headers show it (F013). */
  displayName: personal(text(400, 0)),
  contactPoints: list(record(ContactPoint), 200),
  disabled: yesNo,
  lastInteractionAt: optional(instant),
  ...trail,
};

export const NewCustomer = {
  kind: withDefault(oneOf("person", "company"), "person"),
  ...profile,
  contactPoints: optional(list(newContactPoint, 50)),
};

/** Who a message is from, for `resolve`; phones are read in the channel's country. */
export type Sender = Received<typeof Sender>;
export const Sender = {
  type: oneOf("email", "phone", "mobile", "social", "other"),
  value: personal(text(320)),
  name: optional(personal(text(200))),
  /** What tells apart the networks of social and other addresses: the channel's type. */
  network: optional(text(40)),
  defaultCountry: optional(nullable(country)),
  at: optional(instant),
};

export type Resolved = Received<typeof Resolved>;
export const Resolved = {
  /** Missing where the sender is blocked or cannot be read. */
  customerId: optional(id),
  isNew: yesNo,
  blocked: yesNo,
  /** Why the sender's address cannot be read. */
  fault: optional(text(300)),
  document: optional(personal(text(110))),
  name: optional(personal(text(400, 0))),
};

export const customers = contract({
  actions: {
    create: {
      rest: "POST /customers",
      needs: "customers.write",
      says: "Creates a customer: at least a name, a document or a contact point (F001, G17).",
      params: NewCustomer,
      returns: record(Customer),
    },
    list: {
      rest: "GET /customers",
      needs: "customers.read",
      says: "Finds customers by the start of names, document or contact value; `q` of several words wants all of them.",
      params: { ...paging, q: optional(text(200)), tag: optional(text(60)) },
      returns: page(Customer),
    },
    get: {
      rest: "GET /customers/:id",
      needs: "customers.read",
      says: "One customer with its contact points.",
      params: { id },
      returns: record(Customer),
    },
    change: {
      rest: "PATCH /customers/:id",
      needs: "customers.write",
      guarded: "required",
      says: "Changes a customer's basic information (F002).",
      params: { id, version, ...partial(profile), disabled: optional(yesNo) },
      returns: record(Customer),
    },
    addContactPoint: {
      rest: "POST /customers/:id/contact-points",
      needs: "customers.write",
      says: "Adds a contact point, checked for its type (F023, F024).",
      params: { id, type: contactPointType, value: text(320), label: optional(text(60)) },
      returns: record(ContactPoint),
    },
    /** Finds or makes the customer of each sender, in order; a burst of one sender makes one. */
    resolve: {
      params: { senders: list(record(Sender), 500) },
      returns: list(record(Resolved), 500),
    },
    block: {
      rest: "POST /block-list",
      needs: "customers.block",
      says: "Puts an address on the platform's block list (F025).",
      params: {
        type: oneOf("email", "phone", "mobile", "social", "other"),
        value: personal(text(320)),
        network: optional(text(40)),
        defaultCountry: optional(country),
        reason: optional(text(300)),
      },
      returns: record({
        id,
        type: contactPointType,
        value: personal(text(320)),
        reason: optional(text(300)),
        createdAt: instant,
      }),
    },
    unblock: {
      rest: "DELETE /block-list/:id",
      needs: "customers.block",
      status: 204,
      says: "Takes an address off the block list.",
      params: { id },
    },
    listBlocked: {
      rest: "GET /block-list",
      needs: "customers.block",
      says: "The blocked addresses, newest first.",
      params: { ...paging },
      returns: page({
        id,
        type: contactPointType,
        value: personal(text(320)),
        reason: optional(text(300)),
        createdAt: instant,
      }),
    },
    /** Several customers at once, for copies kept elsewhere; unknown ids are left out. */
    describe: {
      params: { ids: list(id, 500) },
      returns: list(
        record({ id, name: personal(text(400, 0)), document: optional(personal(text(110))) }),
        500,
      ),
    },
  },
  events: {
    created: { id, kind: oneOf("person", "company") },
    changed: { id },
    contactPointAdded: { id, contactPointId: id, type: contactPointType },
    blocked: { id },
    unblocked: { id },
  },
});
