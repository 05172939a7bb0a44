/** What each type of channel can do (D22). */
import type { Channel, ChannelCapabilities, ChannelType } from "#shared/contracts/channels.ts";
import { attachmentsMaxBytes } from "#shared/contracts/interactions.ts";
import { invalidField } from "#shared/errors.ts";

type Capabilities = Omit<ChannelCapabilities, "type">;

const MiB = 1024 * 1024;
const bothWays: Capabilities["directions"] = ["inbound", "outbound"];

/** A message has at most this many attachments, whatever channel it comes through. */
const mostAttachments = 20;

const anyAttachments: Capabilities["attachments"] = {
  allowed: true,
  kinds: [],
  maxBytes: attachmentsMaxBytes,
  maxCount: mostAttachments,
};

/** A bare conversation: what the types below have in common. */
const plain: Omit<Capabilities, "contactPointTypes" | "maxLength"> = {
  directions: bothWays,
  attachments: anyAttachments,
  threads: false,
  subject: false,
  copies: false,
  html: false,
  readReceipts: false,
  voiceNotes: false,
  calls: false,
};

const types: Record<ChannelType, Capabilities> = {
  /** Its messages name the ones that they answer: one that names none starts a conversation. */
  email: {
    ...plain,
    contactPointTypes: ["email"],
    threads: true,
    subject: true,
    copies: true,
    html: true,
    maxLength: 100_000,
  },
  /** Ten joined segments at most; pictures and sounds as MMS, 5 MB, as providers take them. */
  sms: {
    ...plain,
    contactPointTypes: ["mobile", "phone"],
    attachments: {
      allowed: true,
      kinds: ["image/*", "audio/*", "video/*"],
      maxBytes: 5 * MiB,
      maxCount: 10,
    },
    maxLength: 1_600,
  },
  /** Length and media kinds as in the WhatsApp Cloud API's reference of messages and media. */
  whatsapp: {
    ...plain,
    contactPointTypes: ["mobile"],
    attachments: {
      ...anyAttachments,
      kinds: [
        "image/*",
        "audio/*",
        "video/*",
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
      ],
      maxCount: 1,
    },
    readReceipts: true,
    voiceNotes: true,
    maxLength: 4_096,
  },
  /** The visitor says who it is, or has only what the chat calls it. */
  webchat: {
    ...plain,
    contactPointTypes: ["email", "mobile", "phone", "other", "social"],
    readReceipts: true,
    maxLength: 20_000,
  },
  /** Length as in the Messenger Platform's Send API. */
  social: {
    ...plain,
    contactPointTypes: ["social"],
    readReceipts: true,
    voiceNotes: true,
    maxLength: 2_000,
  },
  /** Calls (D21): the text is what the connector says of them, the attachments are recordings. */
  telephony: {
    ...plain,
    contactPointTypes: ["phone", "mobile"],
    attachments: { ...anyAttachments, kinds: ["audio/*"] },
    calls: true,
    maxLength: 100_000,
  },
  /** Whatever its connector makes of it. */
  custom: {
    ...plain,
    contactPointTypes: ["email", "phone", "mobile", "postal", "social", "other"],
    subject: true,
    copies: true,
    html: true,
    readReceipts: true,
    voiceNotes: true,
    maxLength: 100_000,
  },
};

const capabilities = new Map(
  Object.entries(types).map(([type, can]): [string, ChannelCapabilities] => [
    type,
    { type: type as ChannelType, ...can },
  ]),
);

/** All types with what they can do. */
export const channelTypes: readonly ChannelCapabilities[] = [...capabilities.values()];

/** What a channel of this type can do. */
export const capabilitiesOf = (type: ChannelType): ChannelCapabilities =>
  capabilities.get(type) as ChannelCapabilities;

/**
 * Refuses a channel that goes where its type cannot.
 * @throws 422 at `direction`
 */
export function requireDirection(
  direction: Channel["direction"],
  { type, directions }: Pick<ChannelCapabilities, "type" | "directions">,
): void {
  const wanted = direction === "both" ? bothWays : [direction];
  const missing = wanted.find((one) => !directions.includes(one));
  if (missing) {
    throw invalidField("direction", `a channel of type ${type} is never ${missing}`, "direction");
  }
}
