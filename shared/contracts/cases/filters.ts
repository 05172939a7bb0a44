/** What chooses cases wherever many are meant: in lists, and for jobs over many (G03, F126). */
import { id, instant, list, optional, says, text, yesNo } from "../../fields.ts";
import { many, priority, status } from "./status.ts";

export const caseFilters = {
  status: many(status),
  campaignId: many(id),
  customerId: many(id),
  assigneeId: many(id),
  unassigned: optional(yesNo),
  priority: many(priority),
  caseTypeId: many(id),
  channelId: many(id),
  tag: optional(says("Tags, with commas; all are wanted.", list(text(60), 10, 1))),
  createdFrom: optional(instant),
  createdTo: optional(instant),
};
