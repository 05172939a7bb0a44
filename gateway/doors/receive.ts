/** Messages as connectors post them, alone or many at once. */
import { contracts } from "#shared/contracts/index.ts";
import type { BatchItem, Outcome } from "#shared/contracts/interactions.ts";
import { InboundMessage } from "#shared/contracts/interactions.ts";
import { invalidField, isRefusal, type FieldFault } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import type { Received } from "#shared/fields.ts";
import { outsideChecker } from "#shared/validation.ts";
import type { Call, Door } from "../door.ts";
import { deliver, post, type Inbound } from "./delivery.ts";
import { appliedHeaders, preferenceOf } from "./preferences.ts";

type Item = Received<typeof BatchItem>;

const { statusOf } = contracts.channels.actions.receive;
const asMessage = outsideChecker(InboundMessage);

/** `POST /channels/:id/messages`. */
export const receive: Door = async ({ params, headers }, call) => {
  const { id, ...message } = params as unknown as Inbound & { id: string };
  const preference = preferenceOf(headers);
  const outcome = await take(call, id, message, preference.waitMs);
  return { status: statusOf(outcome), headers: appliedHeaders(preference), body: outcome };
};

/** `POST /channels/:id/messages/batch`: each message has its own outcome, in their order. */
export const receiveBatch: Door = async ({ params, headers }, call) => {
  const { id, messages } = params as unknown as { id: string; messages: object[] };
  const preference = preferenceOf(headers);
  const items = await Promise.all(
    messages.map((message) => itemOf(() => take(call, id, asMessage(message), preference.waitMs))),
  );
  return { headers: appliedHeaders(preference), body: { items } };
};

/** Most messages have no attachments and go straight on. */
async function take(
  call: Call,
  channelId: string,
  { attachments, ...message }: Inbound,
  waitMs: number | undefined,
): Promise<Outcome> {
  if (attachments?.length) {
    const decoded = attachments.map(({ contentBase64, ...one }) => ({
      ...one,
      content: Buffer.from(contentBase64, "base64"),
    }));
    return deliver(call, channelId, { ...message, attachments: decoded }, waitMs);
  }
  if (!message.text && !message.html && message.kind !== "call") {
    throw invalidField("text", "is required unless there is html or an attachment", "required");
  }
  return post(call, channelId, message, waitMs);
}

async function itemOf(outcome: () => Promise<Outcome>): Promise<Item> {
  try {
    const came = await outcome();
    return { status: statusOf(came), ...came };
  } catch (error) {
    return refusedItem(error);
  }
}

/** What a message alone would have been answered; the rest of the batch goes on. */
function refusedItem(error: unknown): Item {
  if (isAbsence(error)) {
    return { status: 503, code: "UNAVAILABLE", detail: "A part of the system cannot be reached" };
  }
  if (!isRefusal(error)) throw error;
  const errors = error.data?.["errors"] as FieldFault[] | undefined;
  return {
    status: error.code,
    code: error.type,
    detail: error.message,
    ...(errors ? { errors: errors.slice(0, 100) } : {}),
  };
}
