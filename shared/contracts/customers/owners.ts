/** Who attends a customer: a user for all campaigns, or for one of them (F014-F019). */
import { actions } from "../../contract.ts";
import { id, list, nullable, optional, record, text, yesNo } from "../../fields.ts";
import { version } from "../common.ts";
import { CustomerOwner } from "./customer.ts";

/** The owners with their names, which are missing where a user is not known any more. */
const owners = record({
  items: list(
    record({ ...CustomerOwner, name: optional(text(120)), disabled: optional(yesNo) }),
    200,
  ),
  version,
});

export const ownerActions = actions({
  listOwners: {
    rest: "GET /customers/:id/owner",
    needs: "customers.read",
    says: "The users who attend a customer: for all campaigns (without `campaignId`) and for single ones (F014).",
    params: { id },
    returns: owners,
  },
  setOwner: {
    rest: "PUT /customers/:id/owner",
    needs: "customers.own",
    guarded: "checked",
    says: "Assigns a user for one campaign, or without `campaignId` for all, in place of whoever was; for administrators and the current owner (F015, F017).",
    params: { id, version: optional(version), userId: id, campaignId: optional(nullable(id)) },
    returns: owners,
  },
  removeOwner: {
    rest: "DELETE /customers/:id/owner",
    needs: "customers.own",
    status: 204,
    says: "Removes the owner of one campaign, or without `campaignId` of all; for administrators and the current owner (F016, F017).",
    params: { id, campaignId: optional(id) },
  },
  /** Who attends these customers in a campaign; those whom nobody attends are left out (F019). */
  ownersOf: {
    params: { customerIds: list(id, 500), campaignId: id },
    returns: list(record({ customerId: id, ...CustomerOwner }), 500),
  },
});

export const ownerEvents = {
  /** `userId` null: removed; `campaignId` null: for all campaigns, single ones included. */
  ownerSet: { id, userId: nullable(id), campaignId: nullable(id) },
};
