/** Closing a case for good (F107-F111, D04, D07), and what stands in its way. */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  nullable,
  oneOf,
  optional,
  record,
  text,
  yesNo,
  type Received,
  type Shape,
} from "../../fields.ts";
import { requiredCustomerField } from "../campaigns/settings.ts";
import { version } from "../common.ts";

/** Why a case cannot be closed now. */
export type ClosingReason = Received<typeof ClosingReason>;
const ClosingReason = {
  code: oneOf("CASE_CLOSED", "NO_ACTIVITY", "CUSTOMER_INCOMPLETE"),
  message: text(300),
  /** The customer's fields that are empty and required. */
  missing: optional(list(requiredCustomerField, 11)),
};

/** @param kase the shape of a case */
export const closingActions = <S extends Shape>(kase: S) =>
  actions({
    closing: {
      rest: "GET /cases/:id/closing",
      needs: "cases.close",
      says: "Whether a case can be closed, and every reason why not: what to show before one confirms (F107, F110, F111).",
      params: { id },
      returns: record({ id, version, closable: yesNo, reasons: list(record(ClosingReason), 3) }),
    },
    close: {
      rest: "POST /cases/:id/close",
      needs: "cases.close",
      status: 200,
      guarded: "checked",
      says: "Closes a case for good (F107, F108): 409 CASE_NOT_CLOSABLE names every reason why not (F110, F111, D07). Everybody leaves it (F109).",
      params: { id, version: optional(version) },
      returns: record(kase),
    },
  });

export const closingEvents = {
  closed: { id, campaignId: id, customerId: id, assigneeId: nullable(id) },
};
