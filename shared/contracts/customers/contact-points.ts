/** How a customer is reached (F020-F026), and which addresses are not heard (F025). */
import { actions } from "../../contract.ts";
import { id, instant, oneOf, optional, personal, record, text } from "../../fields.ts";
import { contactPointType, country, page, paging } from "../common.ts";
import { ContactPoint } from "./customer.ts";

export const contactPointActions = actions({
  addContactPoint: {
    rest: "POST /customers/:id/contact-points",
    needs: "customers.write",
    says: "Adds a contact point, checked for its type (F023, F024).",
    params: { id, type: contactPointType, value: text(320), label: optional(text(60)) },
    returns: record(ContactPoint),
  },
});

export const blockListActions = actions({
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
});

export const contactPointEvents = {
  contactPointAdded: { id, contactPointId: id, type: contactPointType },
  blocked: { id },
  unblocked: { id },
};
