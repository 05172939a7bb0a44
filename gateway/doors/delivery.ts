/** Hands an inbound message to the channels service, its attachments to the files service first. */
import { hash } from "node:crypto";
import { Readable } from "node:stream";
import { config } from "#shared/config.ts";
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
  const timeout = (waitMs ?? config().INBOUND_WAIT_MS) + recordingMs;
  return call(
    "channels.receive",
    { ...message, id: channelId, ...(waitMs === undefined ? {} : { waitMs }) },
    { ...ownCommand, ...(timeout > config().REQUEST_TIMEOUT_MS ? { timeout } : {}) },
  );
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
