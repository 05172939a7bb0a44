/** What channels can do, by their type. */
import { list, oneOf, record, text, whole, yesNo, type Received } from "../../fields.ts";
import { contactPointType } from "../common.ts";
import { channelType } from "./types.ts";

const MiB = 1024 * 1024;

/** What a type of channel can do (D22). */
export type ChannelCapabilities = Received<typeof ChannelCapabilities>;
export const ChannelCapabilities = {
  type: channelType,
  directions: list(oneOf("inbound", "outbound"), 2),
  contactPointTypes: list(contactPointType, 6),
  attachments: record({
    allowed: yesNo,
    /** Media types, `image/*` for all of a kind; empty for any. */
    kinds: list(text(80), 50),
    maxBytes: whole(0, 100 * MiB),
    maxCount: whole(0, 100),
  }),
  threads: yesNo,
  subject: yesNo,
  copies: yesNo,
  html: yesNo,
  readReceipts: yesNo,
  voiceNotes: yesNo,
  calls: yesNo,
  /** Characters of a message. */
  maxLength: whole(0, 100_000),
};
