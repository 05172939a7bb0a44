/** Hands an inbound message to the channels service, its attachments to the files service first. */
import { hash } from "node:crypto";
import { Readable } from "node:stream";
import { config } from "#shared/config.ts";
import { groupCommit } from "#shared/group-commit.ts";
import { refused, type Refusal } from "#shared/errors.ts";
import { attachmentsMaxBytes, type Outcome } from "#shared/contracts/interactions.ts";
import type { InboundMessage, ReceivedMessage } from "#shared/contracts/interactions.ts";
import type { Received } from "#shared/fields.ts";
import type { Call } from "../door.ts";

/** A message as a connector posts it, checked. */
export type Inbound = Received<typeof InboundMessage>;

/** An attachment's bytes and what its sender calls them. */
export interface Attachment {
  name: string;
  contentType?: string | undefined;
  content: Buffer;
}

/** A file of 14 MB over the bus takes a moment longer than an ordinary call. */
const storeTimeoutMs = 20_000;
/** What recording a message may take on top of the time that its case is waited for. */
const recordingMs = 2_500;

/** One request may post many messages; each takes effect once by its external id, not by the key. */
const ownCommand = { meta: { commandId: undefined } };

/**
 * Posts a message as it is to go on; its attachments are stored, or found again when it is sent
 * again.
 * @throws what the services refuse: 404, 409 CHANNEL_NOT_RECEIVING, 413, 422; 503 when one is away
 */
export async function deliver(
  call: Call,
  channelId: string,
  { attachments, ...message }: Omit<ReceivedMessage, "attachments"> & { attachments: Attachment[] },
  waitMs: number | undefined,
): Promise<Outcome> {
  const files = await Promise.all(
    attachments.map((one, index) =>
      keep(call, `${channelId}\n${message.externalId}\n${index}`, one),
    ),
  );
  return post(call, channelId, { ...message, attachments: files }, waitMs);
}

/** Posts a message whose attachments, if any, are files already. */
export function post(
  call: Call,
  channelId: string,
  message: ReceivedMessage,
  waitMs: number | undefined,
): Promise<Outcome> {
  const posted = { ...message, id: channelId, ...(waitMs === undefined ? {} : { waitMs }) };
  const one = { call, posted, timeoutMs: (waitMs ?? config().INBOUND_WAIT_MS) + recordingMs };
  if (sizeOf(message) > mostTogether) return postOne(one);
  return waitMs === 0 ? onRecord(one) : withCase(one);
}

interface Posting {
  call: Call;
  posted: ReceivedMessage & { id: string; waitMs?: number };
  timeoutMs: number;
}

/** Characters of a message that travels with others, so that a batch stays far below what the bus takes. */
const mostTogether = 16_000;
const sizeOf = ({ text, html }: ReceivedMessage) => (text?.length ?? 0) + (html?.length ?? 0);

/** One call for messages that come at the same time; those that need not wait go apart. */
const gathering = { maxBatch: 64, maxWaiting: 10_000, lanes: 10_000, gatherMs: 2 };
const onRecord = groupCommit(postTogether, gathering);
const withCase = groupCommit(postTogether, gathering);

const optionsFor = (timeout: number) => ({
  ...ownCommand,
  ...(timeout > config().REQUEST_TIMEOUT_MS ? { timeout } : {}),
});

const postOne = ({ call, posted, timeoutMs }: Posting): Promise<Outcome> =>
  call("channels.receive", posted, optionsFor(timeoutMs));

async function postTogether(batch: Posting[]): Promise<(Outcome | Error)[]> {
  const [first] = batch;
  if (!first) return [];
  if (batch.length === 1) return [await postOne(first)];
  const longest = Math.max(...batch.map(({ timeoutMs }) => timeoutMs));
  const messages = batch.map(({ posted }) => posted);
  const answers = await first.call("channels.receiveMany", { messages }, optionsFor(longest));
  return answers.map(({ outcome, refusal }) => outcome ?? refused(refusal as Refusal));
}

async function keep(call: Call, place: string, { name, contentType, content }: Attachment) {
  const file = await call(
    "files.store",
    {
      name,
      ...(contentType === undefined ? {} : { declaredType: contentType }),
      uploadKey: hash("sha256", `${place}\n${hash("sha256", content)}`),
      maxBytes: attachmentsMaxBytes,
    },
    { ...ownCommand, timeout: storeTimeoutMs, stream: Readable.from([content]) },
  );
  return { id: file.id, name: file.name, contentType: file.contentType, size: file.size };
}
