/** Interactions: messages and calls between customers and the company, and how they come in. */
import { contract } from "../contract.ts";
import { caseMoved } from "./cases/merge.ts";
import { Call } from "./channels/calls.ts";
import { sentEvents, sentFields, sentStates } from "./channels/sent.ts";
import { customerMoved } from "./customers/merge.ts";
import {
  base64,
  either,
  id,
  instant,
  list,
  longText,
  map,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "../fields.ts";

const MiB = 1024 * 1024;
/** What a message's attachments may weigh together once decoded: its body is bounded by 20 MB. */
export const attachmentsMaxBytes = 14 * MiB;

const attachmentRef = {
  id,
  name: personal(text(255)),
  contentType: text(120),
  size: whole(0, 100 * MiB),
};

/** An attachment in the conversation; once its file is deleted, when and by whom (D16). */
const shownAttachment = {
  ...attachmentRef,
  deletedAt: optional(instant),
  deletedBy: optional(id),
};

const sender = {
  type: oneOf("email", "phone", "mobile", "social", "other"),
  value: personal(text(320)),
  name: optional(personal(text(200))),
};

const direction = oneOf("inbound", "outbound");

/** One message or call between the company and a customer. */
export type Interaction = Received<typeof Interaction>;
export const Interaction = {
  id,
  seq: optional(whole(1, 1_000_000_000)),
  caseId: optional(id),
  caseNumber: optional(whole(1, Number.MAX_SAFE_INTEGER)),
  customerId: optional(id),
  campaignId: id,
  channelId: id,
  direction,
  kind: oneOf("message", "call", "event"),
  externalId: optional(personal(text(200))),
  from: record({ ...sender, value: personal(text(320)) }),
  to: optional(personal(text(320))),
  /** Of an outbound one: the customer's, to which it went. */
  contactPoint: optional(record(sender)),
  /** Of a call: how it stands (D21). */
  call: optional(record(Call)),
  threadKey: optional(personal(text(300))),
  inReplyTo: optional(personal(text(300))),
  subject: optional(personal(text(500))),
  text: optional(personal(longText(100_000))),
  html: optional(personal(longText(1_000_000))),
  attachments: list(record(shownAttachment), 50),
  metadata: optional(personal(map(longText(1_000), 50))),
  language: optional(personal(text(35))),
  state: oneOf("received", "filed", "failed", "blocked", ...sentStates),
  /** Why a message could not be filed, or sent, in words. */
  failure: optional(text(500)),
  at: instant,
  sentAt: optional(instant),
  readAt: optional(instant),
  author: optional(id),
  ...sentFields,
  /** Since when it does not tell any more who wrote what (B08). */
  erasedAt: optional(instant),
};

/** What connectors tell of. */
const kind = oneOf("message", "call");

const messageFields = {
  externalId: text(200),
  /** Outbound is what the company sent, or whom it called, elsewhere; inbound where it is missing. */
  direction: optional(direction),
  /** A message where it is missing; calls come on telephony alone. */
  kind: optional(kind),
  /** The customer's address; of an outbound one the company's own. */
  from: record(sender),
  /** The company's own address; of an outbound one the customer's, with its type. */
  to: optional(either(text(320), record(sender))),
  /** How a call stands. */
  call: optional(record(Call)),
  threadKey: optional(text(300)),
  inReplyTo: optional(text(300)),
  subject: optional(text(500, 0)),
  text: optional(longText(100_000)),
  html: optional(longText(1_000_000)),
  sentAt: optional(instant),
  language: optional(text(35)),
  metadata: optional(map(longText(1_000), 50)),
};

/** A message as a connector posts it. */
export const InboundMessage = {
  ...messageFields,
  attachments: optional(
    list(
      record({
        name: text(255),
        contentType: optional(text(120)),
        contentBase64: base64(attachmentsMaxBytes),
      }),
      20,
    ),
  ),
};

/** The same once its attachments are kept by the files service; an e-mail may bring more of them. */
export type ReceivedMessage = Received<typeof ReceivedMessage>;
export const ReceivedMessage = {
  ...messageFields,
  attachments: optional(list(record(attachmentRef), 50)),
};

/** What becomes of a message: the connector's answer. */
export type Outcome = Received<typeof Outcome>;
export const Outcome = {
  interactionId: id,
  state: oneOf("received", "filed", "failed", "blocked"),
  duplicate: yesNo,
  case: optional(record({ id, number: whole(1, Number.MAX_SAFE_INTEGER), isNew: yesNo })),
  customer: optional(record({ id, isNew: yesNo })),
};

/** One message of a batch: its outcome as it would be answered alone, or why it was refused. */
export const BatchItem = {
  status: whole(200, 599),
  interactionId: optional(id),
  state: optional(oneOf("received", "filed", "failed", "blocked")),
  duplicate: optional(yesNo),
  case: optional(record({ id, number: whole(1, Number.MAX_SAFE_INTEGER), isNew: yesNo })),
  customer: optional(record({ id, isNew: yesNo })),
  code: optional(text(64)),
  detail: optional(text(500)),
  /** A path repeats the names that were sent, whatever they are made of. */
  errors: optional(
    list(record({ path: { type: "string" }, message: text(300), code: text(64) }), 100),
  ),
};

const filed = {
  id,
  channelId: id,
  campaignId: id,
  caseId: id,
  customerId: id,
  seq: whole(1, 1_000_000_000),
  isNewCase: yesNo,
  /** A message where it is missing. */
  kind: optional(kind),
};

/** Interactions are kept by the channels service; their events carry their own name. */
export const interactions = contract({
  actions: {},
  events: {
    /** A customer wrote, or called. */
    received: filed,
    /** What the company sent elsewhere, or whom it called, is in the case. */
    reported: filed,
    /** A call goes on, or is over. */
    callChanged: { id, channelId: id, campaignId: id, caseId: optional(id), state: Call.state },
    blocked: { id, channelId: id, campaignId: id },
    failed: { id, channelId: id, campaignId: id },
    /** All messages of a case, with all their files, belong to another customer now. */
    customerReplaced: { caseId: id, customerId: id },
    customerMoved,
    /** All messages of a merged case, with all their files, are in the survivor's conversation. */
    caseMoved,
    ...sentEvents,
  },
  aggregates: { interaction: Interaction },
});
