/** Accounts: the products and services of the company that a customer has (F027-F034). */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  optional,
  personal,
  record,
  text,
  withDefault,
  type Received,
} from "../../fields.ts";
import { page, paging, trail, version } from "../common.ts";

/** One of an account's additional data (F029). */
export type ExtraField = Received<typeof ExtraField>;
export const ExtraField = { name: text(80), value: personal(text(500, 0)) };

const number = personal(text(60));
const extraFields = list(record(ExtraField), 50);

export type Account = Received<typeof Account>;
export const Account = {
  id,
  customerId: id,
  /** As it was written; compared without case, spaces and punctuation (F028). */
  number,
  /** In the order they were given; more than anybody may send where two accounts became one. */
  extraFields: personal(list(record(ExtraField), 100)),
  ...trail,
};

export const accountActions = actions({
  listAccounts: {
    rest: "GET /customers/:id/accounts",
    needs: "customers.read",
    says: "The customer's accounts with their additional data, in the order they were added (F032).",
    params: { id, ...paging },
    returns: page(Account),
  },
  addAccount: {
    rest: "POST /customers/:id/accounts",
    needs: "customers.write",
    says: "Adds an account to a customer; its number is unique among the customer's (F027-F030).",
    params: { id, number, extraFields: withDefault(extraFields, []) },
    returns: record(Account),
  },
  getAccount: {
    rest: "GET /customers/:id/accounts/:accountId",
    needs: "customers.read",
    says: "One account of a customer (F031).",
    params: { id, accountId: id },
    returns: record(Account),
  },
  changeAccount: {
    rest: "PATCH /customers/:id/accounts/:accountId",
    needs: "customers.write",
    guarded: "required",
    says: "Changes an account's number or, as a whole, its additional data (F030).",
    params: {
      id,
      accountId: id,
      version,
      number: optional(number),
      extraFields: optional(extraFields),
    },
    returns: record(Account),
  },
  deleteAccount: {
    rest: "DELETE /customers/:id/accounts/:accountId",
    needs: "customers.write",
    status: 204,
    says: "Deletes an account and unlinks it from its cases (F033, D16).",
    params: { id, accountId: id },
  },
  /** Several accounts at once, for copies kept elsewhere; unknown and deleted ones are left out. */
  describeAccounts: {
    params: { ids: list(id, 500) },
    returns: list(record({ id, customerId: id, number, version }), 500),
  },
});

export const accountEvents = {
  accountAdded: { id, customerId: id },
  accountChanged: { id, customerId: id },
  /** `replacedById`: the account of the same number that takes its place. */
  accountDeleted: { id, customerId: id, replacedById: optional(id) },
};
