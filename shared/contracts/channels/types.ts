/** The types of channels. */
import { oneOf } from "../../fields.ts";

const types = ["email", "sms", "whatsapp", "webchat", "social", "telephony", "custom"] as const;
export type ChannelType = (typeof types)[number];

export const channelType = oneOf<ChannelType>(...types);
