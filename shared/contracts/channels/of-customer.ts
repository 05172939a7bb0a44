/** The interactions of a customer, over all its cases (F056, F057, F144). */
import { actions } from "../../contract.ts";
import { id, instant, list, optional, record, text, whole, yesNo } from "../../fields.ts";
import { page, paging } from "../common.ts";
import { Interaction } from "../interactions.ts";
import { channelType } from "./types.ts";

const count = whole(0, 1_000_000_000);

export const customerInteractionActions = actions({
  listOfCustomer: {
    rest: "GET /customers/:id/interactions",
    needs: "cases.read",
    says: "The customer's interactions over all cases that the user may read, newest first, each with its case's number (F144). A page may hold fewer than `limit`, even none, and go on.",
    params: { id, limit: paging.limit, cursor: paging.cursor },
    returns: page(Interaction),
  },
  /**
   * How many interactions a customer had from `from` to `to`, both included, in the cases that the
   * user who asks may read; an interaction counts to the campaign of its case. The campaigns and
   * the channels with most come first. Counted are the latest 10,000; `isComplete` says whether that
   * was all.
   */
  countsOf: {
    params: {
      customerId: id,
      /** Who was merged into the customer: their interactions count, too. */
      formerIds: optional(list(id, 600)),
      from: optional(instant),
      to: optional(instant),
      campaignId: optional(id),
    },
    returns: record({
      byCampaign: list(record({ campaignId: id, count }), 200),
      byChannel: list(
        record({
          channelId: id,
          channelName: optional(text(120)),
          type: optional(channelType),
          inbound: count,
          outbound: count,
          lastAt: instant,
          lastInboundAt: optional(instant),
          /** When it last worked: an inbound interaction, or an outbound one that was read. */
          lastSuccessAt: optional(instant),
        }),
        200,
      ),
      isComplete: yesNo,
    }),
  },
});
