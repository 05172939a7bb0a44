/** Channels: how customers reach the company, the inbound record and the interactions. */
import { contract } from "../contract.ts";
import {
  anything,
  eachAlone,
  id,
  instant,
  list,
  nullable,
  oneOf,
  optional,
  partial,
  record,
  secret,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../fields.ts";
import { Joining } from "./cases/merge.ts";
import { callActions } from "./channels/calls.ts";
import { ChannelCapabilities } from "./channels/capabilities.ts";
import { customerInteractionActions } from "./channels/of-customer.ts";
import { templateActions, templateAggregates, templateEvents } from "./channels/templates.ts";
import { transcriptActions } from "./channels/transcripts.ts";
import { deliveringActions, deliveringDoors } from "./channels/delivering.ts";
import { outboundChannelActions, sendingActions } from "./channels/sending.ts";
import { channelType } from "./channels/types.ts";
import { country, page, paging, trail, version } from "./common.ts";
import {
  BatchItem,
  InboundMessage,
  Interaction,
  Outcome,
  ReceivedMessage,
} from "./interactions.ts";
import { announcerActions, caseHolderActions, holderActions } from "./privacy.ts";

export { ChannelCapabilities } from "./channels/capabilities.ts";
export type { ChannelType } from "./channels/types.ts";
const direction = oneOf("inbound", "outbound", "both");

const channelBasics = {
  name: text(120),
  direction,
  campaignId: id,
  enabled: withDefault(yesNo, true),
  /** Reads national phone numbers as this country's. */
  defaultCountry: optional(nullable(country)),
  /** The channel's own address, such as its mailbox or number. */
  address: optional(nullable(text(320))),
};

export type Channel = Received<typeof Channel>;
export const Channel = { id, ...channelBasics, type: channelType, ...trail };

/** How long to wait for the case: seconds as `Prefer: wait=N` says, 0 for `respond-async`. */
const waitMs = whole(0, 30_000);

const receiveStatus = ({ state, duplicate }: { state: string; duplicate: boolean }) =>
  state === "received" ? 202 : duplicate ? 200 : 201;

export const channels = contract({
  actions: {
    listTypes: {
      rest: "GET /channel-types",
      needs: "channels.read",
      says: "The types of channels with what each can do (D22).",
      params: {},
      returns: record({ items: list(record(ChannelCapabilities), 50) }),
    },
    create: {
      rest: "POST /channels",
      needs: "channels.configure",
      says: "Creates a channel in a campaign.",
      params: { ...channelBasics, type: channelType },
      returns: record(Channel),
    },
    list: {
      rest: "GET /channels",
      needs: "channels.read",
      says: "The channels of the campaigns that the user may see, by name.",
      params: { ...paging, campaignId: optional(id), type: optional(channelType) },
      returns: page(Channel),
    },
    get: {
      rest: "GET /channels/:id",
      needs: "channels.read",
      says: "One channel.",
      params: { id },
      returns: record(Channel),
    },
    change: {
      rest: "PATCH /channels/:id",
      needs: "channels.configure",
      guarded: "required",
      says: "Changes a channel; a disabled one receives nothing.",
      params: { id, version, ...partial(channelBasics) },
      returns: record(Channel),
    },
    createKey: {
      rest: "POST /channels/:id/keys",
      needs: "channels.configure",
      says: "Makes a key for the channel's connector, shown once; two may be active.",
      params: { id },
      returns: record({ id, key: secret(200) }),
    },
    listKeys: {
      rest: "GET /channels/:id/keys",
      needs: "channels.configure",
      says: "The channel's active keys, without the keys themselves.",
      params: { id },
      returns: record({ items: list(record({ id, createdAt: instant }), 2) }),
    },
    revokeKey: {
      rest: "DELETE /channels/:id/keys/:keyId",
      needs: "channels.configure",
      status: 204,
      says: "Revokes a key at once.",
      params: { id, keyId: id },
    },
    receive: {
      rest: "POST /channels/:id/messages",
      needs: "channels.receive",
      statuses: [201, 200, 202],
      statusOf: receiveStatus,
      bodyLimit: 20_000_000,
      says: "Takes an inbound message, a call, or with `direction` outbound what the company sent elsewhere: it becomes, or joins, a case (F059, F138, B01).",
      accepts: { id, ...InboundMessage },
      params: { id, ...ReceivedMessage, waitMs: optional(waitMs) },
      returns: record(Outcome),
    },
    /** Messages that came to the gateway together; each has an outcome, or why it was refused. */
    receiveMany: {
      params: {
        messages: list(record({ id, ...ReceivedMessage, waitMs: optional(waitMs) }), 200, 1),
      },
      returns: list(record({ outcome: optional(record(Outcome)), refusal: anything }), 200),
    },
    getInteraction: {
      rest: "GET /interactions/:id",
      needs: "interactions.read",
      says: "One interaction and what became of it.",
      params: { id },
      returns: record(Interaction),
    },
    /**
     * The interactions of one case by `seq` (F138-F140); whoever asks has checked the case. Those of
     * a case that is being merged into it are put in order with them, moved already or not (P7).
     */
    conversation: {
      params: {
        caseId: id,
        ...paging,
        channelId: optional(id),
        joining: optional(record(Joining)),
      },
      returns: page(Interaction),
    },
    describe: { params: { ids: list(id, 500) }, returns: list(record(Channel), 500) },
    ...announcerActions,
    ...holderActions,
    ...caseHolderActions,
    ...customerInteractionActions,
    ...callActions,
    ...transcriptActions,
    ...templateActions,
    ...outboundChannelActions(ChannelCapabilities),
    ...sendingActions,
    ...deliveringActions,
  },
  doors: {
    ...deliveringDoors,
    receiveBatch: {
      rest: "POST /channels/:id/messages/batch",
      needs: "channels.receive",
      status: 207,
      bodyLimit: 20_000_000,
      says: "Takes up to 100 messages at once; one outcome for each, in order, under `items`.",
      accepts: { id, messages: list(eachAlone(InboundMessage), 100, 1) },
      returns: record({ items: list(record(BatchItem), 100) }),
    },
    receiveRaw: {
      rest: "POST /channels/:id/raw",
      needs: "channels.receive",
      consumes: "message/rfc822",
      statuses: [201, 200, 202],
      statusOf: receiveStatus,
      bodyLimit: 20_000_000,
      says: "Takes an e-mail as it travels (RFC 5322) for an e-mail channel; answers as a message does.",
      accepts: { id },
      returns: record(Outcome),
    },
  },
  events: {
    created: { id, campaignId: id },
    changed: { id, campaignId: id, enabled: yesNo },
    ...templateEvents,
  },
  aggregates: { channel: Channel, ...templateAggregates },
});
