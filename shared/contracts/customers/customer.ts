/** What a customer is, and what others ask customers about (F001, F013, G17). */
import {
  day,
  id,
  instant,
  list,
  nullable,
  oneOf,
  optional,
  personal,
  record,
  text,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { contactPointType, country, trail } from "../common.ts";

/** A typed address of a customer; `key` is its normal form, by which messages find it. */
export type ContactPoint = Received<typeof ContactPoint>;
export const ContactPoint = {
  id,
  type: contactPointType,
  value: personal(text(320)),
  label: optional(personal(text(60))),
  createdAt: instant,
};

const newContactPoint = record({
  type: contactPointType,
  value: personal(text(320)),
  label: optional(personal(text(60))),
});

export const profile = {
  documentType: optional(nullable(personal(text(40)))),
  documentNumber: optional(nullable(personal(text(60)))),
  firstName: optional(nullable(personal(text(80)))),
  middleName: optional(nullable(personal(text(80)))),
  lastName: optional(nullable(personal(text(80)))),
  secondLastName: optional(nullable(personal(text(80)))),
  businessName: optional(nullable(personal(text(160)))),
  birthDate: optional(nullable(personal(day))),
  gender: optional(nullable(personal(text(40)))),
  tags: withDefault(personal(list(text(60), 50)), []),
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
