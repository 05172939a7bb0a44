/**
 * Publishes many messages as one atomic batch (nats-server from 2.12 on): they are on the disk
 * together or not at all, and cost one write of it instead of one each.
 */
import { headers, type NatsConnection } from "nats";
import { newId } from "../ids.ts";
import { answerWithinMs, eventsStream } from "./stream.ts";

export interface Outgoing {
  subject: string;
  /** Published once, however often it is tried. */
  messageId: string;
  payload: Uint8Array;
}

/** What the server allows in one batch is 1,000. */
export const mostInBatch = 500;

const withoutBatches = new WeakSet<NatsConnection>();

/**
 * Answers the last one's place in the stream, or undefined where nothing was published in this way:
 * the server or the stream does not know batches, or one of the messages is there already.
 * @throws Error when the server does not answer: then it may have happened or not
 */
export async function publishAtOnce(
  connection: NatsConnection,
  messages: Outgoing[],
): Promise<number | undefined> {
  const last = messages.at(-1);
  if (!last || messages.length < 2 || !knowsBatches(connection)) return undefined;
  const batch = newId();
  for (const [index, message] of messages.slice(0, -1).entries()) {
    const place = headersOf(message, batch, index + 1);
    connection.publish(message.subject, message.payload, { headers: place });
  }
  const place = headersOf(last, batch, messages.length);
  place.set("Nats-Batch-Commit", "1");
  const answer = await connection.request(last.subject, last.payload, {
    headers: place,
    timeout: answerWithinMs,
  });
  const { seq, count, error } = answer.json<Acknowledgement>();
  if (count === messages.length) return seq;
  if (!error || error.err_code === batchesDisabled) withoutBatches.add(connection);
  return undefined;
}

interface Acknowledgement {
  seq?: number;
  count?: number;
  error?: { err_code?: number };
}

/** JetStream's error code for a stream that does not allow them. */
const batchesDisabled = 10_174;

function knowsBatches(connection: NatsConnection): boolean {
  const [major = 0, minor = 0] = (connection.info?.version ?? "").split(".").map(Number);
  return (major > 2 || (major === 2 && minor >= 12)) && !withoutBatches.has(connection);
}

function headersOf({ messageId }: Outgoing, batch: string, place: number) {
  const all = headers();
  all.set("Nats-Msg-Id", messageId);
  all.set("Nats-Expected-Stream", eventsStream());
  all.set("Nats-Batch-Id", batch);
  all.set("Nats-Batch-Sequence", String(place));
  return all;
}
