/** What a sent message says once its signature and what it answers are known (F151, F158, D09). Pure. */
import type { Channel } from "#shared/contracts/channels.ts";
import type { Wish } from "#shared/contracts/channels/sending.ts";
import type { StoredFile } from "#shared/contracts/files.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { invalidField } from "#shared/errors.ts";
import { escapedHtml, shownHtml } from "#shared/html.rules.ts";
import { capabilitiesOf } from "./channel-types.rules.ts";
import type { Recipient } from "./recipients.rules.ts";

type Words = Pick<Interaction, "text" | "html">;

/**
 * The body, its HTML made safe, with the user's signature below it (F151, F167).
 * @throws 422 at `addSignature` where there is none; at `html` where nothing of it can be shown
 */
export function wordsOf(
  { text, html, addSignature }: Pick<Wish, "text" | "html" | "addSignature">,
  signature: string | undefined,
): Words {
  const words = { ...(isFilled(text) ? { text } : {}), ...safeHtml(html) };
  if (!addSignature) return words;
  if (!signature) {
    throw invalidField("addSignature", "you have no signature: set one with PATCH /me", "missing");
  }
  return signed(words, signature);
}

const isFilled = (said: string | undefined): said is string => Boolean(said?.trim());

function safeHtml(html: string | undefined): Pick<Words, "html"> {
  if (!isFilled(html)) return {};
  const safe = shownHtml(html);
  if (!isFilled(safe)) throw invalidField("html", "has nothing that may be shown", "empty");
  return { html: safe };
}

/** A signature is HTML: a text that gets one has an HTML part from then on. */
function signed({ text, html }: Words, signature: string): Words {
  const own = html ?? `<p>${escapedHtml(text ?? "").replaceAll("\n", "<br />")}</p>`;
  return {
    ...(text === undefined ? {} : { text: `${text}\n\n${plain(signature)}` }),
    html: `${own}<br /><br />${signature}`,
  };
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
};

/** The words of HTML that was made safe, line by line. */
const plain = (html: string): string =>
  html
    .replaceAll(/<(br|\/p|\/div|\/tr|\/li|\/h\d)\b[^<>]*>/g, "\n")
    .replaceAll(/<[^<>]*>/g, "")
    .replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();

/**
 * The subject: as given, or that of what it answers (F158).
 * @throws 422 at `subject` for an e-mail without one
 */
export function subjectOf(
  { subject }: Pick<Wish, "subject">,
  channel: Pick<Channel, "type">,
  former: string | undefined,
): string | undefined {
  if (subject || channel.type !== "email") return subject;
  if (!former) throw invalidField("subject", "is required", "required");
  return (/^re:/i.test(former) ? former : `Re: ${former}`).slice(0, 500);
}

interface Facts {
  id: string;
  at: Date;
  author: string;
  /** The company's own address. */
  from: string;
  channel: Channel;
  campaignId: string;
  customerId: string;
  recipients: readonly [Recipient, ...Recipient[]];
  words: Words;
  subject: string | undefined;
  files: readonly StoredFile[];
  /** The external id of what it answers. */
  answered: string | undefined;
}

/** What is sent, as it will stand in the conversation. */
export function sentInteraction(wish: Wish, facts: Facts) {
  const { id, at, author, from, channel, campaignId, customerId, words, subject, files } = facts;
  const { recipients, answered } = facts;
  const [to] = recipients;
  const others = recipients.flatMap(({ key, isOther }) => (isOther && key ? [key] : []));
  const interaction: Interaction = {
    ...{ id, at, author, campaignId, customerId, channelId: channel.id, kind: wish.kind },
    direction: "outbound",
    state: "queued",
    from: { type: ownType(channel), value: from },
    ...reached(to),
    ...(wish.cc?.length ? { cc: wish.cc } : {}),
    ...(wish.bcc?.length ? { bcc: wish.bcc } : {}),
    ...(subject ? { subject } : {}),
    ...words,
    ...(answered ? { inReplyTo: answered } : {}),
    attachments: files.map(({ id: fileId, name, contentType, size }) => ({
      ...{ id: fileId, name, contentType, size },
    })),
  };
  return others.length > 0 ? { ...interaction, otherKeys: others } : interaction;
}

const reached = ({
  type,
  value,
}: Recipient): Pick<Interaction, "to" | "toType" | "contactPoint"> => ({
  ...{ to: value, toType: type },
  ...(type === "postal" ? {} : { contactPoint: { type, value } }),
});

/** What kind of address the channel's own is; a channel without one is named instead. */
function ownType({ type, address }: Channel): Interaction["from"]["type"] {
  const [first = "other"] = capabilitiesOf(type).contactPointTypes;
  return type === "email" ? "email" : !address || first === "postal" ? "other" : first;
}
