/** What only messages and calls have that are sent from a case (F146-F160). */
import { id, instant, list, oneOf, optional, personal, text } from "../../fields.ts";
import { contactPointType } from "../common.ts";
import { channelType } from "./types.ts";

/** Its way out: `uncertain` is what was handed over, and nobody knows whether it was taken (P5). */
export const sentStates = ["queued", "sending", "sent", "delivered", "read", "uncertain"] as const;

export const sentFields = {
  /** What kind of address `to` is. */
  toType: optional(contactPointType),
  cc: optional(personal(list(text(320), 20))),
  /** Who gets it without the others' knowledge. */
  bcc: optional(personal(list(text(320), 20))),
  deliveredAt: optional(instant),
};

const told = {
  id,
  channelId: id,
  channelType,
  campaignId: id,
  caseId: id,
  customerId: id,
};

export const sentEvents = {
  /** A user has sent it: it is part of the conversation, and waits to go out (F160). */
  queued: { ...told, kind: oneOf("message", "call"), author: id },
  /** A person decided that it goes out once more. */
  resent: told,
  /** It has left the house. */
  sent: told,
  delivered: told,
  read: told,
  /** It will not go out by itself any more: it failed, or nobody knows. */
  undelivered: { ...told, state: oneOf("failed", "uncertain") },
};
