/**
 * Reads the stream from a place on, in order and without a gap. The place is the reader's to keep:
 * what JetStream holds of it is made anew whenever something went wrong.
 */
import {
  AckPolicy,
  DeliverPolicy,
  nanos,
  type Consumer,
  type ConsumerMessages,
  type NatsConnection,
} from "nats";
import type { Logger } from "moleculer";
import { newId } from "../ids.ts";
import { bell } from "./bell.ts";
import { gatherMs } from "./gathering.rules.ts";
import { idOf, type Message } from "./incoming.ts";
import { faultOf, pause } from "./lease.ts";
import { nats, natsOnceThere, untilLost, watchNats } from "./nats.ts";
import type { Position } from "./positions.ts";
import { answerWithinMs, eventsStream } from "./stream.ts";

export interface Reading {
  /** Names the reader to who looks at the stream's consumers. */
  name: string;
  subjects: string[];
  /** Where to go on: asked at the start and after each interruption. */
  after: (connection: NatsConnection, read: Position | undefined) => Promise<Position>;
  logger: Logger;
  /** Reading ends when this is aborted. */
  given: AbortSignal;
}

export interface Reader {
  /** The next messages, one at least; none once reading has ended. */
  take(most: number): Promise<Message[]>;
  /** Resolves when reading has ended. */
  ended: Promise<void>;
}

const fetched = 200;
const buffered = 400;
const fetchMs = 30_000;
const longestPauseMs = 5_000;

export function readStream(reading: Reading): Reader {
  const { given } = reading;
  let last = 0;
  const filled = bell(given);
  const emptied = bell(given);
  const buffer: Message[] = [];
  const room = async () => {
    while (buffer.length >= buffered && !given.aborted) await emptied.wait(fetchMs);
  };
  const put = (message: Message) => {
    buffer.push(message);
    filled.ring();
  };
  return {
    ended: keepReading(reading, room, put),
    async take(most) {
      while (buffer.length === 0 && !given.aborted) await filled.wait(fetchMs);
      if (buffer.length < most) await pause(gatherMs(last), given);
      if (given.aborted) return [];
      const taken = buffer.splice(0, most);
      last = taken.length;
      emptied.ring();
      return taken;
    },
  };
}

async function keepReading(
  { name, subjects, after, logger, given }: Reading,
  room: () => Promise<void>,
  put: (message: Message) => void,
): Promise<void> {
  let read: Position | undefined;
  let failures = 0;
  const readOn = async (connection: NatsConnection) => {
    read = await untilLost(after(connection, read));
    for await (const message of messagesAfter(connection, { name, subjects, read, given, room })) {
      failures = 0;
      const { born, sequence, id } = message;
      read = { born, sequence, seen: { sequence, id } };
      put(message);
    }
  };
  while (!given.aborted) {
    const connection = await natsOnceThere(given);
    if (!connection) return;
    await readOn(connection).catch(async (error: unknown) => {
      if (failures === 0) logger.warn(`${name} reads the stream anew`, faultOf(error));
      failures += 1;
      await pause(Math.min(longestPauseMs, 100 * 2 ** failures), given);
    });
  }
}

interface Source {
  name: string;
  subjects: string[];
  read: Position;
  given: AbortSignal;
  room: () => Promise<void>;
}

/** @throws Error when a message went missing or the connection was lost */
async function* messagesAfter(
  connection: NatsConnection,
  { name, subjects, read, given, room }: Source,
): AsyncGenerator<Message> {
  const source = await untilLost(openSource(connection, { name, subjects, after: read.sequence }));
  try {
    let expected = 1;
    while (!given.aborted) {
      for await (const message of fetchFrom(source, given)) {
        if (message.info.deliverySequence !== expected) throw new Error("A message went missing");
        expected += 1;
        const { seq: sequence, subject, headers } = message;
        const id = idOf(headers);
        yield { born: read.born, sequence, subject, id, text: message.string() };
      }
      await room();
    }
  } finally {
    if (nats()) await source.delete().catch(() => undefined);
  }
}

/** One request for messages; ends at once when reading is given up or the connection is lost. */
async function* fetchFrom(source: Consumer, given: AbortSignal) {
  const messages: ConsumerMessages = await source.fetch({
    max_messages: fetched,
    expires: fetchMs,
    idle_heartbeat: 5_000,
  });
  const end = () => {
    messages.stop();
  };
  const lost = new AbortController();
  const unwatch = watchNats(() => {
    lost.abort();
    end();
  });
  given.addEventListener("abort", end, { once: true });
  try {
    yield* messages;
    if (lost.signal.aborted) throw new Error("The connection to NATS was lost");
  } finally {
    unwatch();
    given.removeEventListener("abort", end);
    end();
  }
}

/** What JetStream needs to hand out messages; it forgets it a minute after the last request. */
async function openSource(
  connection: NatsConnection,
  { name, subjects, after }: { name: string; subjects: string[]; after: number },
): Promise<Consumer> {
  const stream = eventsStream();
  const settings = { timeout: answerWithinMs, checkAPI: false };
  const { consumers } = await connection.jetstreamManager(settings);
  const made = await consumers.add(stream, {
    name: `${name}_${newId().slice(-12)}`,
    filter_subjects: subjects,
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: after + 1,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(2 * fetchMs),
  });
  return connection.jetstream(settings).consumers.get(stream, made.name);
}
