/** Making a case by hand (F060-F068). */
import { actions } from "../../contract.ts";
import {
  id,
  longText,
  nullable,
  oneOf,
  optional,
  record,
  text,
  withDefault,
  type Shape,
} from "../../fields.ts";
import { NewCustomer } from "../customers/customer.ts";
import { number } from "./for-neighbours.ts";
import { priority } from "./status.ts";
import { caseTags } from "./tags.ts";

/** What a case is made of by hand (F062). */
export const NewCase = {
  customerId: optional(id),
  customer: optional(record(NewCustomer)),
  caseTypeId: optional(id),
  description: longText(20_000, 1),
  subject: optional(text(500)),
  campaignId: optional(id),
  priority: withDefault(priority, "medium"),
  accountId: optional(id),
  tags: optional(caseTags),
};

/** @param kase the shape of a case */
export const creationActions = <S extends Shape>(kase: S) =>
  actions({
    create: {
      rest: "POST /cases",
      needs: "cases.create",
      says: "Creates a case by hand for a customer, or for a new one given in place (F060-F068), or out of a session or call: `interactionId` gives it that one's customer, campaign and channel, relates the two cases, and attaches the transcript (F137, F070).",
      params: { ...NewCase, interactionId: optional(id) },
      returns: record(kase),
    },
  });

export const creationEvents = {
  created: {
    id,
    number,
    campaignId: id,
    customerId: id,
    channelId: optional(id),
    assigneeId: optional(nullable(id)),
    cause: oneOf("message", "user", "import"),
  },
  /** A case was made by hand out of an interaction of another: its transcript is to be kept (F137). */
  continued: { id, campaignId: id, customerId: id, interactionId: id },
};
