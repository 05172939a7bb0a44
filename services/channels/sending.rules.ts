/** By which channels a user may send, to whom, and what fits a type of channel (F147-F150, D22). Pure. */
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { Channel, ChannelCapabilities } from "#shared/contracts/channels.ts";
import type { Wish } from "#shared/contracts/channels/sending.ts";
import type { Actor } from "#shared/contracts/common.ts";
import type { StoredFile } from "#shared/contracts/files.ts";
import { conflict, invalidField, notYours } from "#shared/errors.ts";

type Whose = Pick<Campaign, "channelIds" | "agents" | "options">;

/** What sending depends on beside the channel itself. */
export interface Means {
  /** There is a mail server, by which e-mail channels send. */
  hasMailServer: boolean;
}

/** Of the campaign's channels those that send, for agents cut to their own where it says so (F147, F148, D05, D08). */
export const offered = (
  channels: readonly Channel[],
  campaign: Whose,
  actor: Actor,
  means: Means,
): Channel[] =>
  channels
    .filter(({ id }) => campaign.channelIds.includes(id) && mayUse(id, campaign, actor))
    .filter((channel) => !whyNotSending(channel, means))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

function mayUse(channelId: string, { options, agents }: Whose, { id, role }: Actor): boolean {
  if (role !== "agent" || !options.onlyAssignedChannels) return true;
  const agent = agents.find(({ userId }) => userId === id);
  return agent?.channelIds.includes(channelId) ?? false;
}

/** In words why nothing is sent by a channel, if so. */
function whyNotSending(channel: Channel, { hasMailServer }: Means): string | undefined {
  if (!channel.enabled) return "The channel is disabled";
  if (channel.direction === "inbound") return "The channel only receives";
  return channel.type === "email" && !hasMailServer ? "There is no mail server" : undefined;
}

/**
 * The channel, if the user may send by it from a case of this campaign.
 * @throws 422 at `channelId`; 403 FORBIDDEN where it is not the agent's; 409 CHANNEL_NOT_SENDING
 */
export function requireOffered(
  channel: Channel | undefined,
  campaign: Whose,
  actor: Actor,
  means: Means,
): Channel {
  if (!channel || !campaign.channelIds.includes(channel.id)) {
    throw invalidField("channelId", "is not one of the campaign's channels", "unknown");
  }
  if (!mayUse(channel.id, campaign, actor)) throw notYours("This channel is not one of yours");
  const why = whyNotSending(channel, means);
  if (why) throw conflict("CHANNEL_NOT_SENDING", why, { channelId: channel.id });
  return channel;
}

/** As many as one message goes to, the copies counted. */
const mostRecipients = 20;

/**
 * Refuses what a type of channel cannot carry (F157-F159, D22).
 * @throws 422 naming the field
 */
export function requireFitting(wish: Wish, can: ChannelCapabilities): void {
  requireKind(wish, can);
  requireNone(wish, "subject", can.subject);
  requireNone(wish, "html", can.html);
  requireNone(wish, "cc", can.copies);
  requireNone(wish, "bcc", can.copies);
  requireNone(wish, "attachmentIds", can.attachments.allowed && wish.kind !== "call");
  if (wish.addSignature && can.type !== "email") {
    throw invalidField("addSignature", "goes with e-mail only", "capability");
  }
  requireFewCopies(wish);
  requireContent(wish);
}

function requireKind({ kind }: Wish, { type }: ChannelCapabilities): void {
  if ((kind === "call") === (type === "telephony")) return;
  const what = type === "telephony" ? "makes calls" : "sends messages";
  throw invalidField("kind", `a channel of type ${type} ${what}`, "kind");
}

function requireFewCopies({ cc = [], bcc = [] }: Wish): void {
  if (cc.length + bcc.length < mostRecipients) return;
  const message = `must leave at most ${String(mostRecipients)} recipients`;
  throw invalidField(cc.length > 0 ? "cc" : "bcc", message, "arrayMax");
}

/** A call needs no words. */
function requireContent({ kind, text = "", html = "", attachmentIds = [] }: Wish): void {
  const isEmpty = !text.trim() && !html.trim() && attachmentIds.length === 0;
  if (!isEmpty || kind === "call") return;
  throw invalidField("text", "is required unless there is html or an attachment", "required");
}

type Extra = "subject" | "html" | "cc" | "bcc" | "attachmentIds";

function requireNone(wish: Wish, field: Extra, isPossible: boolean): void {
  if (isPossible || !wish[field]?.length) return;
  throw invalidField(field, "is more than a channel of this type can carry", "capability");
}

/** @throws 422 at `text` or `html` for what is longer than the channel carries */
export function requireLength(
  said: { text?: string | undefined; html?: string | undefined },
  { maxLength }: Pick<ChannelCapabilities, "maxLength">,
): void {
  for (const field of ["text", "html"] as const) {
    const most = field === "html" ? 2 * maxLength : maxLength;
    if ((said[field]?.length ?? 0) > most) {
      throw invalidField(field, `must be at most ${String(most)} characters`, "stringMax");
    }
  }
}

/**
 * Refuses files that the case has not, or that a channel does not carry (F157).
 * @throws 422 at `attachmentIds`
 */
export function requireCarried(
  ids: readonly string[],
  files: readonly StoredFile[],
  { attachments }: Pick<ChannelCapabilities, "attachments">,
): void {
  const { kinds, maxBytes, maxCount } = attachments;
  const known = new Map(files.map((file) => [file.id, file]));
  if (ids.length > maxCount) {
    throw invalidField("attachmentIds", `must be at most ${String(maxCount)}`, "arrayMax");
  }
  for (const [index, id] of ids.entries()) {
    const path = `attachmentIds[${String(index)}]`;
    const file = known.get(id);
    if (!file) throw invalidField(path, "is not a file of the case", "unknown");
    if (!isOfKinds(file.contentType, kinds)) {
      throw invalidField(path, `must be one of ${kinds.join(", ")}`, "contentType");
    }
  }
  if (files.reduce((sum, { size }) => sum + size, 0) > maxBytes) {
    throw invalidField("attachmentIds", `must be at most ${String(maxBytes)} bytes`, "size");
  }
}

const isOfKinds = (contentType: string, kinds: readonly string[]): boolean => {
  const [type = ""] = contentType.toLowerCase().split(";");
  return (
    kinds.length === 0 ||
    kinds.some((kind) => (kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind))
  );
};
