/** Publishes outbox rows to the stream: many at once, but those of one key one after the other. */
import type { JetStreamClient, NatsConnection } from "nats";
import type { OutboxRow } from "./event.ts";
import { untilLost } from "./nats.ts";
import { answerWithinMs, eventsStream, eventSubject } from "./stream.ts";

export interface Published {
  /** The rows that the stream has on its disk. */
  ids: string[];
  /** The highest place in the stream that one of them got. */
  sequence: number;
  /** Why others could not be published. */
  fault?: unknown;
}

/**
 * Publishes the rows and waits until each is acknowledged, refused or late, or the connection is
 * lost. After a row that failed, none of its key is published, so that order is kept.
 */
export async function publish(connection: NatsConnection, rows: OutboxRow[]): Promise<Published> {
  const published: Published = { ids: [], sequence: 0 };
  const stream = connection.jetstream({ timeout: answerWithinMs });
  const lines = linesOf(rows).map((line) => publishLine(stream, line, published));
  await untilLost(Promise.all(lines)).catch((error: unknown) => (published.fault ??= error));
  return { ...published, ids: [...published.ids] };
}

async function publishLine(
  stream: JetStreamClient,
  line: OutboxRow[],
  published: Published,
): Promise<void> {
  try {
    for (const row of line) {
      if (published.fault) return;
      const { seq } = await stream.publish(eventSubject(row.name), encoded(row), {
        msgID: row._id,
        expect: { streamName: eventsStream() },
      });
      published.ids.push(row._id);
      published.sequence = Math.max(published.sequence, seq);
    }
  } catch (error) {
    published.fault ??= error;
  }
}

const encoder = new TextEncoder();

/** The event as it travels: JSON, times as ISO 8601. */
function encoded({ _id, pending: _pending, publishedAt: _published, ...event }: OutboxRow) {
  return encoder.encode(JSON.stringify({ id: _id, ...event }));
}

/** The rows of each key, in order. */
function linesOf(rows: OutboxRow[]): OutboxRow[][] {
  return Object.values(Object.groupBy(rows, ({ key }) => key)).map((line) => inOrder(line ?? []));
}

/**
 * Ids of two replicas sort by their clocks; the versions of one aggregate tell its true order. Each
 * aggregate's rows keep the places they have in the line, and take them by version.
 */
export function inOrder(line: OutboxRow[]): OutboxRow[] {
  const byAggregate = Object.groupBy(line, ({ aggregate }) => aggregate.id);
  for (const rows of Object.values(byAggregate)) {
    rows?.sort((one, other) => one.aggregate.version - other.aggregate.version);
  }
  return line.map((row) => byAggregate[row.aggregate.id]?.shift() ?? row);
}
