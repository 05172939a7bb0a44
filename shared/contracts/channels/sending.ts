/** What is sent from a case: by which channels, to whom, what, and once more (F146-F160). */
import { actions } from "../../contract.ts";
import {
  email,
  id,
  list,
  longText,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
  type Shape,
} from "../../fields.ts";
import { contactPointType } from "../common.ts";
import { ContactPoint } from "../customers/customer.ts";
import { Interaction } from "../interactions.ts";
import { channelType } from "./types.ts";

const place = {
  id,
  channelId: id,
};

/** An address that is typed; the network of a social one is otherwise the channel's type. */
const GivenRecipient = {
  type: contactPointType,
  value: personal(text(320)),
  network: optional(text(40)),
};

/** What a user sends: to a contact point of the customer, or to an address. */
export type Wish = Received<typeof Wish>;
export const Wish = {
  channelId: id,
  kind: withDefault(oneOf("message", "call"), "message"),
  contactPointId: optional(id),
  to: optional(record(GivenRecipient)),
  subject: optional(text(500)),
  text: optional(longText(100_000)),
  html: optional(longText(200_000)),
  cc: optional(list(email, 20)),
  bcc: optional(list(email, 20)),
  /** Files of the case. */
  attachmentIds: optional(list(id, 50)),
  /** The interaction that it answers; left out, the last message that came by the channel. */
  inReplyTo: optional(id),
  addSignature: optional(yesNo),
};

const FittingPoint = { ...ContactPoint, blocked: yesNo };

/** @param capabilities what a type of channel can do */
export const outboundChannelActions = <S extends Shape>(capabilities: S) =>
  actions({
    listOutboundChannels: {
      rest: "GET /cases/:id/outbound-channels",
      needs: "interactions.send",
      says: "By which channels the user may send from a case, each with what it can do and the customer's contact points that fit it (F147-F149); `allowOtherContactPoints` says whether others' may be used (F150).",
      params: { id },
      returns: record({
        items: list(
          record({
            id,
            name: text(120),
            type: channelType,
            address: optional(text(320)),
            capabilities: record(capabilities),
            contactPoints: list(record(FittingPoint), 200),
          }),
          200,
        ),
        allowOtherContactPoints: yesNo,
      }),
    },
  });

export const sendingActions = actions({
  findOtherContactPoints: {
    rest: "GET /cases/:id/other-contact-points",
    needs: "interactions.send",
    says: "Contact points of other customers that fit a channel, by the beginnings of words, where the campaign allows to write to them (F150).",
    params: { ...place, q: text(200), limit: withDefault(whole(1, 50), 20) },
    returns: record({
      items: list(
        record({ ...ContactPoint, customerId: id, customerName: personal(text(400, 0)) }),
        200,
      ),
    }),
  },
  send: {
    rest: "POST /cases/:id/interactions",
    needs: "interactions.send",
    statuses: [201, 202],
    statusOf: ({ seq }: { seq?: number }) => (seq === undefined ? 202 : 201),
    bodyLimit: 1024 * 1024,
    says: "Sends a message to the customer of a case, or has a call made; it is in the conversation at once, and its `state` tells how far it came (F146, F156-F160). 202 while it still waits for its place there.",
    params: { id, ...Wish },
    returns: record(Interaction),
  },
  resend: {
    rest: "POST /interactions/:id/resend",
    needs: "interactions.send",
    status: 200,
    says: "Sends what failed, or is uncertain, once more: only a person decides that (P5).",
    params: { id },
    returns: record(Interaction),
  },
});
