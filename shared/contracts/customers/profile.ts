/** Customers as users see them: made, read and changed (F001-F013, G17). */
import { actions } from "../../contract.ts";
import { id, list, oneOf, optional, partial, record, text, yesNo } from "../../fields.ts";
import { version } from "../common.ts";
import { Customer, NewCustomer, profile } from "./customer.ts";

export const profileActions = actions({
  create: {
    rest: "POST /customers",
    needs: "customers.write",
    says: "Creates a customer: at least a name, a document or a contact point (F001, G17).",
    params: NewCustomer,
    returns: record(Customer),
  },
  get: {
    rest: "GET /customers/:id",
    needs: "customers.read",
    says: "One customer with its contact points; `include=names` adds the names of the users in it (F005).",
    params: { id, include: optional(list(oneOf("names"), 5)) },
    returns: record({
      ...Customer,
      /** Of the users who made it, last changed it and attend it. */
      names: optional(list(record({ id, name: text(120) }), 300)),
    }),
  },
  change: {
    rest: "PATCH /customers/:id",
    needs: "customers.write",
    guarded: "required",
    says: "Changes a customer's basic information (F002).",
    params: { id, version, ...partial(profile), disabled: optional(yesNo) },
    returns: record(Customer),
  },
});

export const profileEvents = {
  created: { id, kind: Customer.kind },
  changed: { id },
};
