/** What a connector may tell of on its channel: messages and calls, either way. Pure. */
import type { ChannelCapabilities } from "#shared/contracts/channels.ts";
import type { Call } from "#shared/contracts/channels/calls.ts";
import type { ReceivedMessage } from "#shared/contracts/interactions.ts";
import { readAddress } from "#shared/contact-points.rules.ts";
import { conflict, invalidField } from "#shared/errors.ts";
import { requireTalkedOf } from "./calls.rules.ts";

/** What receiving needs to know of a channel. */
export interface ReceivingChannel {
  id: string;
  type: ChannelCapabilities["type"];
  direction: "inbound" | "outbound" | "both";
  enabled: boolean;
  campaignId: string;
  campaignDisabled?: boolean;
  defaultCountry?: string | null;
}

type Capabilities = Pick<ChannelCapabilities, "calls" | "contactPointTypes" | "directions">;
type Address = ReceivedMessage["from"];

/**
 * Refuses what this channel cannot take (D22).
 * @throws 409 CHANNEL_NOT_RECEIVING, or CHANNEL_NOT_SENDING for what is outbound; 422 naming the field
 */
export function admit(
  message: ReceivedMessage,
  channel: ReceivingChannel,
  capabilities: Capabilities,
): void {
  const { direction = "inbound" } = message;
  const why = whyNotGoing(direction, channel, capabilities);
  if (why) throw conflict(refusals[direction], why, { channelId: channel.id });
  if (message.kind === "call") requireCall(message, channel, capabilities);
  else requireMessage(message);
  const { path, address } = customersAddress(message);
  admitAddress(path, address, channel, capabilities);
}

const refusals = { inbound: "CHANNEL_NOT_RECEIVING", outbound: "CHANNEL_NOT_SENDING" } as const;

/** In words why nothing goes this way on a channel, if so. */
function whyNotGoing(
  direction: "inbound" | "outbound",
  channel: ReceivingChannel,
  { directions }: Capabilities,
): string | undefined {
  if (!channel.enabled) return "The channel is disabled";
  if (!directions.includes(direction) || ![direction, "both"].includes(channel.direction)) {
    return direction === "inbound" ? "The channel only sends" : "The channel only receives";
  }
  return channel.campaignDisabled ? "The channel's campaign is disabled" : undefined;
}

function requireMessage({ text, html, attachments, call }: ReceivedMessage): void {
  if (call) throw invalidField("call", "is of calls alone, whose kind is call", "forbidden");
  if (!text && !html && !attachments?.length) {
    throw invalidField("text", "is required unless there is html or an attachment", "required");
  }
}

function requireCall(
  { call }: { call?: Call },
  { type }: ReceivingChannel,
  { calls }: Capabilities,
): void {
  if (!calls) throw invalidField("kind", `cannot be call on a channel of type ${type}`, "kind");
  if (!call) throw invalidField("call", "is required for a call", "required");
  requireTalkedOf(call, "call.");
}

/** Where the customer is written to or called: the one who wrote, or to whom it went. */
function customersAddress({ direction, from, to }: ReceivedMessage): {
  path: string;
  address: Address;
} {
  if (direction === "outbound") {
    if (to && typeof to !== "string") return { path: "to", address: to };
    throw invalidField("to", "must be the customer's address with its type", "contactPoint");
  }
  if (to && typeof to !== "string") {
    throw invalidField("to", "must be a text: it is the address it was sent to", "string");
  }
  return { path: "from", address: from };
}

/** The address is one that this channel has, and can be read (F024, F026). */
function admitAddress(
  path: string,
  address: Address,
  { defaultCountry }: ReceivingChannel,
  { contactPointTypes: types }: Capabilities,
): void {
  if (!types.includes(address.type)) {
    const kinds = types.join(", ");
    throw invalidField(
      `${path}.type`,
      `must be one of ${kinds} on this channel`,
      "contactPointType",
    );
  }
  const read = readAddress({ ...address, defaultCountry });
  if ("fault" in read) throw invalidField(`${path}.value`, read.fault, address.type);
}
