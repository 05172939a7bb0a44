/** Dead letters: events that a service could not take in, kept to be looked at and replayed. */
import { headers, type NatsConnection } from "nats";
import type { Answer, ServiceName } from "../bus.ts";
import { notFound } from "../errors.ts";
import { saidBy } from "../faults.ts";
import { eventIdHeader, type Incoming } from "./incoming.ts";
import { reachedNats } from "./nats.ts";
import {
  answerWithinMs,
  deadStream,
  deadSubject,
  deadSubjects,
  eventsStream,
  isMissing,
  replaySubject,
} from "./stream.ts";

interface DeadLetter {
  event: string;
  eventId: string;
  service: ServiceName;
  reason: string;
  attempts: number;
  at: string;
  /** The event as it came. */
  text: string;
}

/** Resolves once the letter is on the stream's disk; the same one twice is kept once. */
export async function keepDeadLetter(
  connection: NatsConnection,
  service: ServiceName,
  { born, sequence, id, subject, event, text }: Incoming,
  { reason, attempts }: { reason: unknown; attempts: number },
): Promise<void> {
  const letter: DeadLetter = {
    event: event?.name ?? subject.split(".").slice(2).join("."),
    eventId: id || String(sequence),
    service,
    reason: sentenceOf(reason),
    attempts: Math.max(1, attempts),
    at: new Date().toISOString(),
    text,
  };
  await connection
    .jetstream({ timeout: answerWithinMs })
    .publish(deadSubject(service), JSON.stringify(letter), {
      msgID: `${service}-${born}-${sequence}`,
      expect: { streamName: deadStream() },
    });
}

const sentenceOf = (reason: unknown): string => {
  const { name } = reason instanceof Error ? reason : new Error();
  const line = `${name}: ${saidBy(reason)}`.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").toWellFormed();
  return line.trim().slice(0, 1_000);
};

/**
 * Dead letters, oldest first; `cursor` is the `nextCursor` of the page before.
 * @throws 503 UNAVAILABLE while NATS is away
 */
export async function listDeadLetters({
  limit,
  cursor,
}: {
  limit: number;
  cursor?: string | undefined;
}): Promise<Answer<"audit.listDeadLetters">> {
  const items: Answer<"audit.listDeadLetters">["items"] = [];
  let after = Number(cursor ?? 0) || 0;
  while (items.length < limit) {
    const found = await letterFrom(after + 1);
    if (!found) return { items, nextCursor: null };
    after = found.sequence;
    const { text: _text, at, ...letter } = found.letter;
    items.push({ id: String(after), ...letter, at: new Date(at) });
  }
  return { items, nextCursor: (await letterFrom(after + 1)) ? String(after) : null };
}

/** The first letter that is kept from this place on. */
async function letterFrom(sequence: number) {
  const { streams } = await manager();
  const query = { seq: sequence, next_by_subj: deadSubjects() };
  try {
    const found = await streams.getMessage(deadStream(), query);
    return { sequence: found.seq, letter: found.json<DeadLetter>() };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const manager = () => reachedNats().jetstreamManager({ timeout: answerWithinMs, checkAPI: false });

/**
 * Hands a dead letter to its service once more, and to no other, and takes it off the list.
 * @throws 404 NOT_FOUND when there is none of this id, 503 UNAVAILABLE while NATS is away
 */
export async function replayDeadLetter(id: string): Promise<Answer<"audit.replayDeadLetter">> {
  const found = /^[1-9]\d{0,14}$/.test(id) ? await letterFrom(Number(id)) : undefined;
  if (found?.sequence !== Number(id)) throw notFound("dead letter", id);
  const { event, eventId, service, text } = found.letter;
  const named = headers();
  named.set(eventIdHeader, eventId);
  await reachedNats()
    .jetstream({ timeout: answerWithinMs })
    .publish(replaySubject(service), text, {
      msgID: `replay-${id}-${eventId}`,
      headers: named,
      expect: { streamName: eventsStream() },
    });
  const { streams } = await manager();
  await streams.deleteMessage(deadStream(), Number(id)).catch(() => undefined); // replayed twice at once
  return { id, event, service };
}
