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

/** The parts of a postal address, beside the one line that its contact point's value is. */
export const PostalAddress = {
  line1: text(160),
  line2: optional(text(160)),
  city: optional(text(80)),
  region: optional(text(80)),
  postalCode: optional(text(20)),
  country: optional(country),
};

const contactPointFacts = {
  type: contactPointType,
  value: personal(text(320)),
  label: optional(personal(text(60))),
  /** What a social or other address is an address of, such as "instagram"; else its label is. */
  network: optional(text(40)),
  /** Of a postal address only. */
  address: optional(personal(record(PostalAddress))),
};

/** A typed address of a customer (F020). */
export type ContactPoint = Received<typeof ContactPoint>;
export const ContactPoint = { id, ...contactPointFacts, createdAt: instant };

/** A contact point as somebody gives it; a phone number without "+" is read in its `country`. */
export type GivenContactPoint = Received<typeof GivenContactPoint>;
export const GivenContactPoint = { ...contactPointFacts, country: optional(country) };

/** The user who attends a customer: in this campaign, or without one in all (F014, F015). */
export type CustomerOwner = Received<typeof CustomerOwner>;
export const CustomerOwner = { userId: id, campaignId: optional(id) };

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
  /** At most one for all campaigns and one for each campaign; missing where there is none. */
  owners: optional(list(record(CustomerOwner), 200)),
  disabled: yesNo,
  lastInteractionAt: optional(instant),
  ...trail,
};

export const NewCustomer = {
  kind: withDefault(oneOf("person", "company"), "person"),
  ...profile,
  contactPoints: optional(list(record(GivenContactPoint), 50)),
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
  /** Merged into this customer a moment ago: cases may still go by these ids. */
  formerIds: optional(list(id, 600)),
};
