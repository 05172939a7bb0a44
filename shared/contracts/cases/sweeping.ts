/** What business rules that wait for time to pass look through: the open cases of a campaign. */
import { actions } from "../../contract.ts";
import { id, instant, oneOf, optional, record, type Received } from "../../fields.ts";
import { page, paging } from "../common.ts";
import { priority, status } from "./status.ts";

/** A case without what is long or tells about a person. */
export type SweptCase = Received<typeof SweptCase>;
export const SweptCase = {
  id,
  status,
  priority,
  campaignId: id,
  assigneeId: optional(id),
  lastInteraction: optional(record({ direction: oneOf("inbound", "outbound"), at: instant })),
  lastCustomerUpdateAt: optional(instant),
  createdAt: instant,
  updatedAt: instant,
};

export const sweepingActions = actions({
  /** The open cases of a campaign; the one that was changed longest ago first. */
  openOf: {
    params: { campaignId: id, limit: paging.limit, cursor: paging.cursor },
    returns: page(SweptCase),
  },
});
