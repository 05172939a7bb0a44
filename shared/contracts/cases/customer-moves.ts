/** Cases that get another customer: one by hand, or all of a merged one (F037, P7). */
import { actions } from "../../contract.ts";
import { id, optional, record, whole, type Shape } from "../../fields.ts";
import { version } from "../common.ts";
import { customerMoved } from "../customers/merge.ts";

/** @param kase the shape of a case */
export const customerMoveActions = <S extends Shape>(kase: S) =>
  actions({
    replaceCustomer: {
      rest: "PUT /cases/:id/customer",
      needs: "cases.change",
      guarded: "required",
      says: "Gives a case to another customer, with more exact information (F037).",
      params: { id, version, customerId: id },
      returns: record(kase),
    },
  });

export const customerMoveEvents = {
  /** By hand, or because of a merge; `interactionCount` of the case's messages came before. */
  customerReplaced: {
    id,
    customerId: id,
    formerCustomerId: id,
    interactionCount: whole(0, 1_000_000_000),
    mergeId: optional(id),
  },
  customerMoved,
};
