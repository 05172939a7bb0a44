/** The two streams: every event for a week, and for 90 days the events nobody could take in. */
import { DiscardPolicy, nanos, StorageType, type NatsConnection, type StreamConfig } from "nats";
import type { EventName, ServiceName } from "../bus.ts";
import { config } from "../config.ts";
import { contracts } from "../contracts/index.ts";

const dayMs = 86_400_000;
/** How long a request to JetStream may take. */
export const answerWithinMs = 5_000;

export const eventsStream = (): string => `${config().NAMESPACE}_events`;
export const deadStream = (): string => `${config().NAMESPACE}_dead`;

/** Where an event is published: `casewire.events.cases.created`. */
export const eventSubject = (event: EventName): string => `${config().NAMESPACE}.events.${event}`;
/** Where a dead letter is handed to its one service again. */
export const replaySubject = (service: ServiceName): string =>
  `${config().NAMESPACE}.events.replay.${service}`;
export const deadSubject = (service: ServiceName): string =>
  `${config().NAMESPACE}.dead.${service}`;
export const deadSubjects = (): string => `${config().NAMESPACE}.dead.>`;

/** Every event of the product. */
export const allEvents = (): EventName[] =>
  Object.entries(contracts).flatMap(([name, { events }]) =>
    Object.keys(events).map((event) => `${name}.${event}` as EventName),
  );

/** Which stream it is: one that was lost and made anew was born later. */
export interface StreamState {
  born: string;
  lastSequence: number;
}

/** Makes the streams where they are missing; answers the state of that of the events. */
export async function ensureStreams(connection: NatsConnection): Promise<StreamState> {
  const { streams } = await connection.jetstreamManager({
    timeout: answerWithinMs,
    checkAPI: false,
  });
  const ensure = async (wanted: Partial<StreamConfig> & { name: string }) => {
    try {
      return await streams.info(wanted.name);
    } catch (error) {
      if (!isMissing(error)) throw error;
      return streams.add(wanted);
    }
  };
  await ensure(deadLetters());
  const { created, state } = await ensure(events());
  return { born: created, lastSequence: state.last_seq };
}

const kept = {
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  duplicate_window: nanos(10 * 60_000),
  allow_direct: true,
};

const events = () => ({
  ...kept,
  name: eventsStream(),
  subjects: [`${config().NAMESPACE}.events.>`],
  max_age: nanos(7 * dayMs),
  allow_atomic: true, // servers before 2.12 pass over it
});

const deadLetters = () => ({
  ...kept,
  name: deadStream(),
  subjects: [deadSubjects()],
  max_age: nanos(90 * dayMs),
});

/** Whether JetStream says that a stream, a consumer or a message does not exist. */
export function isMissing(error: unknown): boolean {
  const { code, api_error } = error as { code?: string; api_error?: { code?: number } };
  return code === "404" || api_error?.code === 404;
}
