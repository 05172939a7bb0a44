/** Reads a raw e-mail (RFC 5322) as an inbound message. */
import { hash } from "node:crypto";
import { simpleParser, type AddressObject, type ParsedMail } from "mailparser";
import type { ReceivedMessage } from "#shared/contracts/interactions.ts";
import { invalidField } from "#shared/errors.ts";
import { email } from "#shared/fields.ts";
import { compileField } from "#shared/validation.ts";
import type { Attachment } from "./delivery.ts";

type Mail = Omit<ReceivedMessage, "attachments"> & { attachments: Attachment[] };

const mostAttachments = 50;
const isAddress = (address: string): boolean => faultsOfAddress(address).length === 0;
const faultsOfAddress = compileField(email);

/** Nothing is made of the content that the mail does not say itself. */
const asItCame = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipImageLinks: true,
  skipTextLinks: true,
  keepCidLinks: true,
};

/**
 * The message of an e-mail. What is longer than a message may be is cut; the Message-ID is its
 * external id, or else the hash of its bytes.
 * @throws 422 naming `from` where no sender can be read, or `attachments` where there are too many
 */
export async function readMail(raw: Buffer): Promise<Mail> {
  const mail = await simpleParser(raw, asItCame).catch((error: unknown) => {
    throw invalidField(
      "",
      `cannot be read as an e-mail: ${(error as Error).message.slice(0, 100)}`,
    );
  });
  if (mail.attachments.length > mostAttachments) {
    throw invalidField("attachments", `must be at most ${mostAttachments}`, "arrayMax");
  }
  const subject = oneLine(mail.subject, 500);
  return {
    externalId: messageId(mail.messageId, 200) ?? `sha256:${hash("sha256", raw)}`,
    from: senderOf(mail),
    ...present({
      to: addressesOf(mail.to)[0]?.address,
      inReplyTo: answered(mail),
      subject,
      text:
        plain(mail.text, 100_000) ?? (mail.html || mail.attachments.length ? undefined : subject),
      html: plain(mail.html || undefined, 1_000_000),
      sentAt: sentAt(mail),
      language: languageOf(mail),
    }),
    metadata: metadataOf(mail),
    attachments: mail.attachments.map(attachmentOf),
  };
}

function senderOf(mail: ParsedMail): Mail["from"] {
  const [sender] = addressesOf(mail.from);
  if (!sender?.address || !isAddress(sender.address)) {
    throw invalidField("from", "must name one sender with an e-mail address", "email");
  }
  const name = oneLine(sender.name, 200);
  return { type: "email", value: sender.address, ...(name ? { name } : {}) };
}

/** The addresses of a header, those of groups among them. */
function addressesOf(header: AddressObject | AddressObject[] | undefined) {
  const objects = header === undefined ? [] : Array.isArray(header) ? header : [header];
  return objects
    .flatMap(({ value }) => value.flatMap((one) => one.group ?? [one]))
    .flatMap(({ address, name }) => {
      const plainAddress = oneLine(address, 320);
      return plainAddress ? [{ address: plainAddress, name }] : [];
    });
}

/** The message that this one answers: as it says itself, or else the last that it refers to. */
function answered({ inReplyTo, references }: ParsedMail): string | undefined {
  const referred = Array.isArray(references) ? references : (references ?? "").split(/\s+/);
  return messageId(inReplyTo, 300) ?? messageId(referred.at(-1), 300);
}

/** The first message id of a header, in its angle brackets. */
function messageId(header: string | undefined, max: number): string | undefined {
  const found = /<[^<>\s]+>/.exec((header ?? "").slice(0, 10_000))?.[0];
  return found && found.length <= max ? oneLine(found, max) : undefined;
}

function metadataOf(mail: ParsedMail): Record<string, string> {
  const said = (name: string) => plain(headerOf(mail, name), 1_000);
  return present({
    cc: said("cc"),
    replyTo: said("reply-to"),
    references: said("references"),
    autoSubmitted: said("auto-submitted"),
    precedence: said("precedence"),
    listId: said("list-id"),
    importance: said("importance"),
  });
}

/** A header as it stands there, unfolded. */
function headerOf({ headerLines }: ParsedMail, name: string): string | undefined {
  const line = headerLines.find(({ key }) => key === name)?.line;
  return line
    ?.slice(line.indexOf(":") + 1)
    .replaceAll(/\r?\n/g, "")
    .trim();
}

const languageOf = (mail: ParsedMail): string | undefined =>
  /^[A-Za-z]{2,8}(-[A-Za-z\d]{1,8}){0,3}(?=\s*(,|$))/.exec(
    headerOf(mail, "content-language") ?? "",
  )?.[0];

/** The moment that the sender says, if it is one; the parser would put in its own clock's. */
function sentAt(mail: ParsedMail): Date | undefined {
  const date = new Date((headerOf(mail, "date") ?? "").slice(0, 100));
  return date.getUTCFullYear() >= 1970 && date.getUTCFullYear() <= 9999 ? date : undefined;
}

const attachmentOf = (
  { filename, contentType, content }: ParsedMail["attachments"][number],
  index: number,
): Attachment => ({
  name: oneLine(filename, 255) ?? `attachment-${index + 1}`,
  contentType: oneLine(contentType, 120),
  content,
});

/** In one line of plain characters; undefined where nothing is left. */
function oneLine(text: string | undefined, max: number): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  const line = (text ?? "").replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
  return plain(line.trim(), max)?.trim() || undefined;
}

/** Without NUL and broken Unicode, cut to its length; undefined where nothing is left. */
function plain(text: string | undefined, max: number): string | undefined {
  const whole = (text ?? "").replaceAll("\0", "").toWellFormed();
  return whole.slice(0, max).replace(/[\ud800-\udbff]$/, "") || undefined;
}

/** Only what is there. */
const present = <T extends Record<string, unknown>>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  } & Record<string, never>;
