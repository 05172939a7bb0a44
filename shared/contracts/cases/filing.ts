/** Filing: what cases are told of a recorded message, and what they answer (D01). */
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  personal,
  text,
  whole,
  yesNo,
  type Received,
} from "../../fields.ts";

/** One recorded message, or call, to be filed with a case. */
export type Filing = Received<typeof Filing>;
export const Filing = {
  interactionId: id,
  customerId: id,
  /** Ids of the same customer that its cases may still go by, while a merge is under way. */
  formerIds: optional(list(id, 600)),
  customerName: optional(personal(text(400, 0))),
  customerDocument: optional(personal(text(110))),
  campaignId: id,
  channelId: id,
  /** Inbound where it is missing. */
  direction: optional(oneOf("inbound", "outbound")),
  /** A message where it is missing. */
  kind: optional(oneOf("message", "call")),
  /** The connector's conversation; absent where the channel has no threads. */
  threadKey: optional(text(300)),
  /** The channel has threads, and this message neither names nor answers one. */
  startsThread: optional(yesNo),
  /** The case of the message that this one answers. */
  answersCaseId: optional(id),
  subject: optional(personal(text(500, 0))),
  /** The address of the customer who wrote or called, as it came. */
  from: optional(personal(text(320))),
  preview: personal(text(200, 0)),
  at: instant,
};

export type Filed = Received<typeof Filed>;
export const Filed = {
  interactionId: id,
  caseId: optional(id),
  number: optional(whole(1, Number.MAX_SAFE_INTEGER)),
  seq: optional(whole(1, 1_000_000_000)),
  /** Who stands for the customer that was named, where that one was merged meanwhile. */
  customerId: optional(id),
  isNew: yesNo,
  /** Why this one could not be filed now, though its neighbours could. */
  fault: optional(text(300)),
};
