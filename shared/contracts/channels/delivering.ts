/** What a connector takes out of the house, and what it tells of it afterwards (D21, P5). */
import { actions, doors } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  withDefault,
  type Received,
} from "../../fields.ts";
import { Interaction } from "../interactions.ts";
import { StoredFile } from "../files.ts";

/** How far a message came, as its connector tells. */
export type Receipt = Received<typeof Receipt>;
const Receipt = {
  interactionId: id,
  state: oneOf("sent", "delivered", "read", "failed"),
  /** When; left out, now. */
  at: optional(instant),
  /** The provider's own id of the message, by which answers name it. */
  externalId: optional(personal(text(200))),
  /** Why it failed. */
  reason: optional(text(300)),
};

/** What became of a receipt: taken in, old news, or of no message of this channel. */
export type ReceiptOutcome = Received<typeof ReceiptOutcome>;
const ReceiptOutcome = {
  interactionId: id,
  outcome: oneOf("applied", "unchanged", "unknown"),
  state: optional(Interaction.state),
};

const fileOfMessage = { id, interactionId: id, fileId: id };

export const deliveringActions = actions({
  takeOutbound: {
    rest: "GET /channels/:id/outbound",
    needs: "channels.deliver",
    says: "Hands out what is to be sent, oldest first. Each is yours until `leasedUntil`; without a receipt by then it is handed out again: its `id` is the key by which it is sent once.",
    params: { id, limit: withDefault(whole(1, 100), 20) },
    returns: record({
      items: list(
        record({
          interaction: record(Interaction),
          attempt: whole(1, 1_000),
          leasedUntil: instant,
        }),
        100,
      ),
    }),
  },
  report: {
    rest: "POST /channels/:id/receipts",
    needs: "channels.deliver",
    status: 200,
    says: "Tells how far messages came. Only forward: old news changes nothing, and the same twice is as once.",
    params: { id, receipts: list(record(Receipt), 100, 1) },
    returns: record({ items: list(record(ReceiptOutcome), 100) }),
  },
  /** A file of a message that the connector of this channel is to send. 404 otherwise. */
  openOutboundFile: { params: fileOfMessage, returns: record(StoredFile) },
});

export const deliveringDoors = doors({
  downloadOutboundFile: {
    rest: "GET /channels/:id/outbound/:interactionId/files/:fileId",
    needs: "channels.deliver",
    produces: "application/octet-stream",
    statuses: [200, 206],
    says: "The bytes of a file that goes with a message of this channel; takes one `Range`.",
    accepts: fileOfMessage,
  },
});
