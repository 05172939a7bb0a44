/** The list of customers (F003, F010, G18): found, narrowed, put in order, taken away. */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  says,
  text,
  whole,
  withDefault,
} from "../../fields.ts";
import { page, paging } from "../common.ts";
import { Customer } from "./customer.ts";

/** What narrows a list; several together narrow it further. */
const filters = {
  q: optional(
    says(
      "Beginnings of words: of names, document, contact points and account numbers; all are wanted.",
      text(200),
    ),
  ),
  tag: optional(says("Tags, with commas; all are wanted.", list(text(60), 10, 1))),
  ownerId: optional(says("Whom the customer is assigned to, in any campaign.", id)),
  kind: optional(Customer.kind),
  disabled: withDefault(
    says(
      "`false`: the enabled ones; `true`: the disabled ones; `all`.",
      oneOf("false", "true", "all"),
    ),
    "false",
  ),
  createdFrom: optional(instant),
  createdTo: optional(instant),
  updatedFrom: optional(instant),
  updatedTo: optional(instant),
  lastInteractionFrom: optional(instant),
  lastInteractionTo: optional(instant),
  sort: withDefault(
    oneOf("-created", "created", "name", "-updated", "-lastInteraction"),
    "-created",
  ),
};

export const listActions = actions({
  list: {
    rest: "GET /customers",
    needs: "customers.read",
    says: "Finds customers by the beginnings of words, tags, owner and times (G18).",
    params: { ...paging, ...filters },
    returns: page(Customer),
  },
  /**
   * The same for who reads a whole list and can wait: up to 15 seconds for each page. `countTo`
   * asks for `total`, counted no further than that.
   */
  collect: {
    params: {
      ...filters,
      limit: paging.limit,
      cursor: paging.cursor,
      countTo: optional(whole(1, 10_000_000)),
    },
    returns: page(Customer),
  },
});

export const listDoors = {
  export: {
    rest: "GET /customers/export.xlsx",
    needs: "customers.export",
    produces: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    status: 200,
    says: "The list of customers as a workbook, in the language of the user; 413 beyond 200,000 (G18).",
    accepts: filters,
  },
} as const;
