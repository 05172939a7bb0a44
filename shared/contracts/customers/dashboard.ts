/** The indicators of a customer (F055-F058). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "../../fields.ts";
import { status } from "../cases/status.ts";
import { channelType } from "../channels/types.ts";

const count = whole(0, 1_000_000_000);
const channel = { channelId: id, channelName: optional(text(120)), type: optional(channelType) };

/**
 * What the user who asks may read of a customer, counted; notes are never in it (F185). Where a part
 * cannot be asked for now it is named in `unavailable` and what it brings is missing.
 */
export type Dashboard = Received<typeof Dashboard>;
export const Dashboard = {
  /** Every status, also those with none (F055). */
  casesByStatus: optional(list(record({ status, count }), 5)),
  /** Most cases first; an interaction counts to the campaign of its case (F056). */
  casesByCampaign: list(
    record({
      campaignId: id,
      campaignName: optional(text(120)),
      cases: optional(count),
      interactions: optional(count),
    }),
    400,
  ),
  /** Most interactions first (F057). */
  channels: optional(
    list(
      record({ ...channel, interactions: count, inbound: count, outbound: count, lastAt: instant }),
      200,
    ),
  ),
  /** Most inbound interactions; of several the one of the latest. */
  preferredChannel: optional(record(channel)),
  /** Of the latest contact that worked: an inbound interaction, or an outbound one that was read. */
  lastSuccessfulChannel: optional(record({ ...channel, at: instant })),
  /** Whether all was counted: the latest 10,000 cases and interactions are. */
  isComplete: yesNo,
  unavailable: list(oneOf("cases", "interactions"), 2),
};

export const dashboardActions = actions({
  dashboard: {
    rest: "GET /customers/:id/dashboard",
    needs: "customers.read",
    says: "The customer's cases by status and campaign, and channels by use (F055-F058): of cases created, and interactions that took place, from `from` to `to`, both included.",
    params: { id, from: optional(instant), to: optional(instant), campaignId: optional(id) },
    returns: record(Dashboard),
  },
});
