/** The one way to change something: transaction, command idempotence and outbox together. */
import type { ClientSession, IndexDescription } from "mongodb";
import type { Announced, EventName, Meta, ServiceName } from "../bus.ts";
import type { UnsentEvent } from "../events/event.ts";
import { keepInOutbox, unsentEvent, wakeRelay, type Announcement } from "../events/outbox.ts";
import { conflict } from "../errors.ts";
import { database } from "./connection.ts";
import { isDuplicate, nativeOf } from "./store.ts";
import { transaction } from "./transaction.ts";

/** A command's answer is kept for two days: longer than the gateway keeps idempotency keys. */
export const commandsTable: { name: string; indexes: IndexDescription[] } = {
  name: "commands",
  indexes: [{ key: { at: 1 }, expireAfterSeconds: 2 * 86_400 }, { key: { about: 1 } }],
};

interface Command {
  _id: string;
  answer: unknown;
  /** The aggregates that it changed. */
  about?: string[];
  /** Its answer was personal, and was erased with its person. */
  erased?: true;
  at: Date;
}

/** A write under way. */
export interface Tx<S extends ServiceName> {
  readonly session: ClientSession;
  /** Announces an event together with the change. */
  readonly announce: <E extends Announced<S> & EventName>(announcement: Announcement<E>) => void;
}

/** What a write needs to know of the request that it serves: any context of ours has it. */
export interface Cause {
  meta: Meta;
  action?: { name?: string } | null;
}

/**
 * Runs `work` in a transaction and keeps what it announces in it. A command (a request with an
 * idempotency key) takes effect once: its repeat gets the first one's answer (B01).
 * @throws 409 ANSWER_ERASED for the repeat of a command about a person who was erased since
 */
export async function write<S extends ServiceName, R>(
  service: S,
  cause: Cause,
  work: (tx: Tx<S>) => Promise<R>,
): Promise<R> {
  const command = commandOf(cause);
  const done = await answered(service, command);
  if (done) return answerOf(done) as R;
  try {
    const answer = await transaction(service, (session) => attempt(session));
    wakeRelay(service);
    return answer;
  } catch (error) {
    const meanwhile = isDuplicate(error) ? await answered(service, command) : null;
    if (meanwhile) return answerOf(meanwhile) as R;
    throw error;
  }

  async function attempt(session: ClientSession): Promise<R> {
    const events: UnsentEvent[] = [];
    const answer = await work(openTx(session, cause.meta, events));
    await keepInOutbox(service, events, session);
    if (command) {
      const about = [...new Set(events.map(({ aggregate }) => aggregate.id))];
      const kept = { _id: command, answer, about, at: new Date() };
      await commands(service).insertOne(kept, { session });
    }
    return answer;
  }
}

/** A write in this session; what it announces, on behalf of whom `meta` names, goes to `events`. */
export const openTx = <S extends ServiceName>(
  session: ClientSession,
  meta: Meta,
  events: UnsentEvent[],
): Tx<S> => ({
  session,
  announce: (announcement) => void events.push(unsentEvent(announcement, meta)),
});

/** What a command answered when it took effect, if it did. */
const answered = (service: ServiceName, command: string | undefined): Promise<Command | null> =>
  command ? commands(service).findOne({ _id: command }) : Promise.resolve(null);

/**
 * What a command answered when it took effect, for a handler that asks others before it writes: its
 * repeat gets the first one's answer, whatever they would say now.
 * @throws 409 ANSWER_ERASED
 */
export async function firstAnswer<R>(service: ServiceName, cause: Cause): Promise<R | undefined> {
  const done = await answered(service, commandOf(cause));
  return done ? (answerOf(done) as R) : undefined;
}

const commandOf = ({ meta, action }: Cause): string | undefined =>
  meta.commandId && `${meta.commandId}:${action?.name ?? ""}`;

function answerOf({ answer, erased }: Command): unknown {
  if (erased) throw conflict("ANSWER_ERASED", "This was done, and what it answered is erased");
  return answer;
}

/** The commands of a service that took effect. */
export const commands = (service: ServiceName) =>
  nativeOf<Command>(database(service), commandsTable.name);
