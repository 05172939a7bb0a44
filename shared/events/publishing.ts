/** Publishes events to the stream: all at once, or those of one key one after the other. */
import { ErrorCode, type JetStreamClient, type NatsConnection } from "nats";
import { publishAtOnce, type Outgoing } from "./atomic.ts";
import type { WaitingEvent } from "./event.ts";
import { untilLost } from "./nats.ts";
import { withoutValues } from "../personal.rules.ts";
import { answerWithinMs, eventsStream, eventSubject } from "./stream.ts";

export interface Published {
  /** The events that the stream has on its disk. */
  ids: string[];
  /** The highest place in the stream that one of them got. */
  sequence: number;
  /** Why others could not be published. */
  fault?: unknown;
}

/**
 * Publishes the events and waits until each is acknowledged, refused or late, or the connection is
 * lost. After one that failed, none of its key is published, so that order is kept.
 */
export async function publish(
  connection: NatsConnection,
  events: WaitingEvent[],
): Promise<Published> {
  const ordered = inOrder(events);
  try {
    const sequence = await untilLost(publishAtOnce(connection, ordered.map(outgoing)));
    if (sequence !== undefined) return { ids: events.map(({ id }) => id), sequence };
  } catch (fault) {
    if (!isTooLarge(fault)) return { ids: [], sequence: 0, fault };
  }
  return publishLines(connection, ordered);
}

/** One by one: for a server without batches, or when a part of them is published already. */
async function publishLines(
  connection: NatsConnection,
  events: WaitingEvent[],
): Promise<Published> {
  const published: Published = { ids: [], sequence: 0 };
  const stream = connection.jetstream({ timeout: answerWithinMs });
  const byKey = Object.values(Object.groupBy(events, ({ key }) => key));
  const lines = byKey.map((line) => publishLine(stream, line ?? [], published));
  await untilLost(Promise.all(lines)).catch((error: unknown) => (published.fault ??= error));
  return { ...published, ids: [...published.ids] };
}

async function publishLine(
  stream: JetStreamClient,
  line: WaitingEvent[],
  published: Published,
): Promise<void> {
  try {
    for (const event of line) {
      if (published.fault && !isTooLarge(published.fault)) return;
      const { subject, messageId, payload } = outgoing(event);
      const { seq } = await stream.publish(subject, payload, {
        msgID: messageId,
        expect: { streamName: eventsStream() },
      });
      published.ids.push(event.id);
      published.sequence = Math.max(published.sequence, seq);
    }
  } catch (error) {
    published.fault ??= error;
  }
}

/** An event beyond the server's limit holds up its own key, and nobody else. */
const isTooLarge = (fault: unknown): boolean =>
  (fault as { code?: ErrorCode }).code === ErrorCode.MaxPayloadExceeded;

const encoder = new TextEncoder();

/** The event as it travels: JSON, times as ISO 8601, without personal values (P16). */
const outgoing = (event: WaitingEvent): Outgoing => ({
  subject: eventSubject(event.name),
  messageId: event.id,
  payload: encoder.encode(JSON.stringify({ ...event, changes: withoutValues(event) })),
});

/**
 * Ids of two replicas sort by their clocks; the versions of one aggregate tell its true order. Each
 * aggregate's events keep the places they have among the others, and take them by version.
 */
function inOrder(events: WaitingEvent[]): WaitingEvent[] {
  const byAggregate = Object.groupBy(events, ({ aggregate }) => aggregate.id);
  for (const own of Object.values(byAggregate)) {
    own?.sort((one, other) => one.aggregate.version - other.aggregate.version);
  }
  return events.map((event) => byAggregate[event.aggregate.id]?.shift() ?? event);
}
