/** Handing a case on: to another user, another campaign or nobody (F083-F090). */
import { id, nullable, oneOf } from "../../fields.ts";

export const transferEvents = {
  /** The reason stands on the case: personal values do not travel (P16). */
  transferred: {
    id,
    campaignId: id,
    formerCampaignId: id,
    assigneeId: nullable(id),
    previousAssigneeId: nullable(id),
    to: oneOf("user", "campaign", "nobody"),
  },
};
