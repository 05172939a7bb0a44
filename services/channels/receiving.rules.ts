/** What a message must be to come in, and what it tells the services that find its case. Pure. */
import type { Filed, Filing } from "#shared/contracts/cases.ts";
import type { ChannelCapabilities } from "#shared/contracts/channels.ts";
import type { Resolved, Sender } from "#shared/contracts/customers/customer.ts";
import type { Interaction, Outcome, ReceivedMessage } from "#shared/contracts/interactions.ts";
import { readAddress } from "#shared/contact-points.rules.ts";
import { conflict, invalidField } from "#shared/errors.ts";

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

type Recorded = Interaction & { isNewCase?: boolean; isNewCustomer?: boolean };

/** Characters of a message shown in lists. */
const previewLength = 140;

/**
 * Refuses what this channel cannot take.
 * @throws 409 CHANNEL_NOT_RECEIVING, 422 naming the field
 */
export function admit(
  message: ReceivedMessage,
  channel: ReceivingChannel,
  { contactPointTypes }: Pick<ChannelCapabilities, "contactPointTypes">,
): void {
  const why = whyNotReceiving(channel);
  if (why) throw conflict("CHANNEL_NOT_RECEIVING", why, { channelId: channel.id });
  if (!message.text && !message.html && !message.attachments?.length) {
    throw invalidField("text", "is required unless there is html or an attachment", "required");
  }
  admitSender(message.from, channel, contactPointTypes);
}

/** In words why a channel takes in no messages, if it does not. */
function whyNotReceiving(channel: ReceivingChannel): string | undefined {
  if (!channel.enabled) return "The channel is disabled";
  if (channel.direction === "outbound") return "The channel only sends";
  return channel.campaignDisabled ? "The channel's campaign is disabled" : undefined;
}

/** The sender's address is one that this channel has, and can be read (F024, F026). */
function admitSender(
  from: ReceivedMessage["from"],
  { defaultCountry }: ReceivingChannel,
  types: ChannelCapabilities["contactPointTypes"],
): void {
  if (!types.includes(from.type)) {
    const kinds = types.join(", ");
    throw invalidField("from.type", `must be one of ${kinds} on this channel`, "contactPointType");
  }
  const read = readAddress({ ...from, defaultCountry });
  if ("fault" in read) throw invalidField("from.value", read.fault, from.type);
}

/** The record of a message that has just come in. */
export function recordOf(
  message: ReceivedMessage,
  channel: ReceivingChannel,
  id: string,
  at: Date,
): Recorded {
  const { attachments = [], ...said } = message;
  return {
    ...said,
    id,
    at,
    attachments,
    channelId: channel.id,
    campaignId: channel.campaignId,
    direction: "inbound",
    kind: "message",
    state: "received",
  };
}

export const senderOf = ({ from, at }: Recorded, channel: ReceivingChannel): Sender => ({
  ...from,
  network: channel.type,
  at,
  ...(channel.defaultCountry ? { defaultCountry: channel.defaultCountry } : {}),
});

/** The normal form of a sender's address, by which it is found again; none where it cannot be read. */
export function keyOf(sender: Sender): string | undefined {
  const address = readAddress(sender);
  return "key" in address ? address.key : undefined;
}

/** The message as the cases service needs it. */
export function filingOf(
  record: Recorded,
  who: Resolved & { customerId: string },
  { threads, answersCaseId }: { threads: boolean; answersCaseId: string | undefined },
): Filing {
  const { id, campaignId, channelId, threadKey, subject, from, at } = record;
  return {
    interactionId: id,
    campaignId,
    channelId,
    at,
    preview: previewOf(record),
    ...customerOf(who),
    ...(subject ? { subject } : {}),
    from: from.value,
    ...(threadKey === undefined ? {} : { threadKey }),
    ...(threads && threadKey === undefined ? { startsThread: true } : {}),
    ...(answersCaseId ? { answersCaseId } : {}),
  };
}

const customerOf = ({
  customerId,
  name,
  document,
  formerIds,
}: Resolved & { customerId: string }) => ({
  customerId,
  ...(name ? { customerName: name } : {}),
  ...(document ? { customerDocument: document } : {}),
  ...(formerIds ? { formerIds } : {}),
});

/** A connector may post what it was itself given to send: that is in its case already. */
const stateOf = ({ state, direction }: Recorded): Outcome["state"] =>
  direction === "outbound" ? "filed" : (state as Outcome["state"]);

/** The first words of a message, in one line. */
export function previewOf({
  text,
  html,
  attachments,
}: Pick<Interaction, "text" | "html" | "attachments">): string {
  const words = text ?? withoutTags(html ?? "");
  const line = words
    .slice(0, 4 * previewLength)
    .replaceAll(/\s+/g, " ")
    .trim();
  const shown = line || (attachments[0]?.name ?? "");
  return shown.length > previewLength ? `${shown.slice(0, previewLength - 1).trimEnd()}…` : shown;
}

const withoutTags = (html: string): string =>
  html
    .slice(0, 20_000)
    .replaceAll(/<(style|script)\b[^>]{0,500}>[^<]*(<\/\1>)?/gi, " ")
    .replaceAll(/<[^<>]*>/g, " ")
    .replaceAll("&nbsp;", " ");

/** What became of a message that was filed. */
export const settledWith = (
  record: Recorded,
  who: Resolved & { customerId: string },
  filed: Required<Omit<Filed, "fault" | "customerId">> & { customerId?: string },
) => ({
  id: record.id,
  state: "filed" as const,
  caseId: filed.caseId,
  caseNumber: filed.number,
  seq: filed.seq,
  isNewCase: filed.isNew,
  customerId: filed.customerId ?? who.customerId,
  isNewCustomer: who.isNew,
});

/** The connector's answer, as the record stands. */
export function outcomeOf(record: Recorded, duplicate: boolean): Outcome {
  const { id, caseId, caseNumber, customerId } = record;
  const { isNewCase = false, isNewCustomer = false } = record;
  return {
    interactionId: id,
    state: stateOf(record),
    duplicate,
    ...(caseId && caseNumber ? { case: { id: caseId, number: caseNumber, isNew: isNewCase } } : {}),
    ...(customerId ? { customer: { id: customerId, isNew: isNewCustomer } } : {}),
  };
}
