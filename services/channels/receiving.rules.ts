/** What is recorded of a message or call, and told to the services that find its case. Pure. */
import type { Filed, Filing } from "#shared/contracts/cases.ts";
import type { Resolved, Sender } from "#shared/contracts/customers/customer.ts";
import type { Interaction, Outcome, ReceivedMessage } from "#shared/contracts/interactions.ts";
import { sentStates } from "#shared/contracts/channels/sent.ts";
import { readAddress } from "#shared/contact-points.rules.ts";
import type { ReceivingChannel } from "./admitting.rules.ts";
import { wordsOf } from "./words.rules.ts";

type Recorded = Interaction & { isNewCase?: boolean; isNewCustomer?: boolean };

/** Characters of a message shown in lists. */
const previewLength = 140;

/** The record of a message, or call, of which a connector has just told. */
export function recordOf(
  message: ReceivedMessage,
  channel: ReceivingChannel,
  id: string,
  at: Date,
): Recorded {
  const { attachments = [], direction = "inbound", kind = "message", to, ...said } = message;
  return {
    ...said,
    ...addressed(to),
    id,
    at,
    attachments,
    channelId: channel.id,
    campaignId: channel.campaignId,
    direction,
    kind,
    state: "received",
  };
}

const addressed = (to: ReceivedMessage["to"]): Pick<Recorded, "to" | "contactPoint"> =>
  to === undefined ? {} : typeof to === "string" ? { to } : { to: to.value, contactPoint: to };

/** The customer's address, whichever way it went. */
export const customersAddress = ({
  from,
  contactPoint,
}: Pick<Recorded, "from" | "contactPoint">): Recorded["from"] => contactPoint ?? from;

/** The customer as customers know it: by the address from which, or to which, it went. */
export const customerBehind = (record: Recorded, channel: ReceivingChannel): Sender => ({
  ...customersAddress(record),
  network: channel.type,
  at: record.at,
  ...(channel.defaultCountry ? { defaultCountry: channel.defaultCountry } : {}),
});

/** The normal form of a customer's address, by which it is found again; none where it cannot be read. */
export function keyOf(sender: Sender): string | undefined {
  const address = readAddress(sender);
  return "key" in address ? address.key : undefined;
}

/** The message, or call, as the cases service needs it. */
export function filingOf(
  record: Recorded,
  who: Resolved & { customerId: string },
  { threads, answersCaseId }: { threads: boolean; answersCaseId: string | undefined },
): Filing {
  const { id, campaignId, channelId, threadKey, subject, at } = record;
  return {
    interactionId: id,
    campaignId,
    channelId,
    at,
    preview: previewOf(record),
    ...customerOf(who),
    ...(subject ? { subject } : {}),
    ...wayOf(record),
    ...(threadKey === undefined ? {} : { threadKey }),
    ...(threads && threadKey === undefined ? { startsThread: true } : {}),
    ...(answersCaseId ? { answersCaseId } : {}),
  };
}

/** Most are messages of customers, of which nothing more need be said. */
const wayOf = ({
  direction,
  kind,
  from,
}: Recorded): Pick<Filing, "direction" | "kind" | "from"> => ({
  ...(direction === "outbound" ? { direction } : { from: from.value }),
  ...(kind === "call" ? { kind } : {}),
});

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
const stateOf = ({ state }: Pick<Recorded, "state">): Outcome["state"] =>
  isOneOf(sentStates, state) ? "filed" : state;

const isOneOf = <T extends string>(all: readonly T[], one: string): one is T =>
  (all as readonly string[]).includes(one);

/** The first words of a message, in one line; of a call that has none, the customer's number. */
export function previewOf(record: Recorded): string {
  const [attachment] = record.attachments;
  const line = wordsOf(record)
    .slice(0, 4 * previewLength)
    .replaceAll(/\s+/g, " ")
    .trim();
  const named = record.kind === "call" ? customersAddress(record).value : "";
  const shown = line || named || (attachment?.name ?? "");
  return shown.length > previewLength ? `${shown.slice(0, previewLength - 1).trimEnd()}…` : shown;
}

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
