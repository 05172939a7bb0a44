/** The toggles of a campaign (F209, D06). */
import {
  id,
  list,
  oneOf,
  optional,
  record,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";

const capacity = whole(1, 1_000);

/** Each with its default. */
export type CampaignOptions = Received<typeof CampaignOptions>;
export const CampaignOptions = {
  allowCaseMerge: withDefault(yesNo, true),
  allowTranscript: withDefault(yesNo, true),
  allowUserTransfer: withDefault(yesNo, true),
  allowCampaignTransfer: withDefault(yesNo, true),
  notifyTransferByEmail: withDefault(yesNo, true),
  fallbackToFirstAvailable: withDefault(yesNo, true),
  queueAssignment: withDefault(yesNo, true),
  allowCloseWithoutActivity: withDefault(yesNo, true),
  allowCloseWithIncompleteCustomer: withDefault(yesNo, true),
  prefillActivityForm: withDefault(yesNo, false),
  agentsSeeAllCases: withDefault(yesNo, false),
  allowOtherContactPoints: withDefault(yesNo, false),
  onlyAssignedChannels: withDefault(yesNo, false),
  showOtherCampaigns: withDefault(yesNo, false),
  allowAgentBulkClose: withDefault(yesNo, false),
  allowCallsWhileBusy: withDefault(yesNo, false),
  linkedCallQueues: withDefault(list(id, 50), []),
  /** Open cases, over all campaigns, up to which the queue gives an agent more (G07). */
  capacity: withDefault(capacity, 50),
  /** The same of the cases that came by one type of channel, where that is fewer. */
  channelCapacities: optional(
    record({
      email: optional(capacity),
      sms: optional(capacity),
      whatsapp: optional(capacity),
      webchat: optional(capacity),
      social: optional(capacity),
      telephony: optional(capacity),
      custom: optional(capacity),
    }),
  ),
};

/** How cases are given to agents (A25). */
export const routingStrategy = oneOf(
  "random",
  "longestAvailable",
  "mostRecentlyAvailable",
  "roundRobin",
  "leastOccupied",
  "weighted",
);
