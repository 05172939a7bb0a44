/** How a customer is reached (F020-F026), and which addresses are not heard (F025). */
import { actions } from "../../contract.ts";
import {
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
  yesNo,
} from "../../fields.ts";
import { contactPointType, country, page, paging, version } from "../common.ts";
import { ContactPoint, GivenContactPoint } from "./customer.ts";

const Blocked = {
  id,
  type: contactPointType,
  value: personal(text(320)),
  reason: optional(text(300)),
  createdAt: instant,
};

/** A contact point and the version of its customer, which guards the next edit of it. */
const versioned = record({ ...ContactPoint, version });

export const contactPointActions = actions({
  addContactPoint: {
    rest: "POST /customers/:id/contact-points",
    needs: "customers.write",
    says: "Adds a contact point, checked for its type (F023, F024).",
    params: { id, ...GivenContactPoint },
    returns: versioned,
  },
  listContactPoints: {
    rest: "GET /customers/:id/contact-points",
    needs: "customers.read",
    says: "A customer's contact points, and whether each is blocked; with `channelId` those that the channel can reach (F025, F026).",
    params: { id, channelId: optional(id) },
    returns: record({ items: list(record({ ...ContactPoint, blocked: yesNo }), 200), version }),
  },
  changeContactPoint: {
    rest: "PATCH /customers/:id/contact-points/:contactPointId",
    needs: "customers.write",
    guarded: "required",
    says: "Changes a contact point, checked for its type; the version is the customer's (F023).",
    params: {
      id,
      contactPointId: id,
      version,
      ...partial(GivenContactPoint),
      label: optional(nullable(text(60))),
      network: optional(nullable(text(40))),
      address: optional(nullable(GivenContactPoint.address)),
    },
    returns: versioned,
  },
  removeContactPoint: {
    rest: "DELETE /customers/:id/contact-points/:contactPointId",
    needs: "customers.write",
    status: 204,
    says: "Removes a contact point; what it was is kept (F023, D16).",
    params: { id, contactPointId: id },
  },
  blockContactPoint: {
    rest: "POST /customers/:id/contact-points/:contactPointId/block",
    needs: "customers.block",
    says: "Puts a contact point on the platform's block list (F025).",
    params: { id, contactPointId: id, reason: optional(text(300)) },
    returns: record(Blocked),
  },
  unblockContactPoint: {
    rest: "DELETE /customers/:id/contact-points/:contactPointId/block",
    needs: "customers.block",
    status: 204,
    says: "Takes a contact point off the block list (F025).",
    params: { id, contactPointId: id },
  },
});

export const blockListActions = actions({
  /** Those of these addresses, in their normal form, that are on the block list. */
  blockedAmong: {
    params: { keys: list(personal(text(700)), 30) },
    returns: list(personal(text(700)), 30),
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
    returns: record(Blocked),
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
    returns: page(Blocked),
  },
});

export const contactPointEvents = {
  contactPointAdded: { id, contactPointId: id, type: contactPointType },
  contactPointChanged: { id, contactPointId: id, type: contactPointType },
  contactPointRemoved: { id, contactPointId: id, type: contactPointType },
  blocked: { id },
  unblocked: { id },
};
