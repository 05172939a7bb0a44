/** The effect of events: what the handlers do, and that it was done, in one transaction. */
import type { ClientSession } from "mongodb";
import type { EventName, Meta, ServiceName } from "../bus.ts";
import { openTx, type Tx } from "../mongo/write.ts";
import { transaction } from "../mongo/transaction.ts";
import type { DomainEvent, UnsentEvent } from "./event.ts";
import { keepInInbox } from "./inbox.ts";
import type { Incoming } from "./incoming.ts";
import { keepInOutbox, wakeRelay } from "./outbox.ts";
import type { Sessions } from "./sessions.ts";

/** What a service does about events. */
export interface Handlers<S extends ServiceName> {
  events: Partial<Record<string, (event: never, tx: Tx<S>) => Promise<void>>>;
  /** The events of one name that came together, for effects that are cheaper so. */
  together?: Partial<Record<string, (events: never, tx: Tx<S>) => Promise<void>>> | undefined;
  /** Effects that are the same twice by nature: kept with neither inbox nor transaction. */
  repeatable?: Partial<Record<string, (events: never) => Promise<void>>> | undefined;
  everyEvent?: EveryEvent | undefined;
}

/** What a service does about all events, many at a time, but for some; the same twice is as once. */
export interface EveryEvent {
  but?: readonly EventName[];
  take: (events: DomainEvent[]) => Promise<void>;
}

/**
 * Takes in events in their order: all of them or none, but for what is repeatable, which comes first
 * and is done again where the rest fails.
 * @throws what a handler throws, the fault of a message that is no event, or a
 * duplicate key error where one was taken in before
 */
export async function takeIn<S extends ServiceName>(
  service: S,
  { events, together = {}, repeatable, everyEvent }: Handlers<S>,
  arrived: Incoming[],
  sessions: Sessions,
): Promise<void> {
  const broken = arrived.find(({ fault }) => fault);
  if (broken) throw broken.fault as Error;
  const told = arrived.flatMap(({ event }) => (event ? [event] : []));
  await repeat({ repeatable, everyEvent }, told);
  const handled = { ...events, ...together };
  const once = arrived.filter(({ event }) => handled[event?.name ?? ""]);
  if (once.length > 0) await takeInOnce(service, { events, together }, once, sessions);
}

/** The effects that bear it to be had again. */
async function repeat<S extends ServiceName>(
  { repeatable = {}, everyEvent }: Pick<Handlers<S>, "repeatable" | "everyEvent">,
  told: DomainEvent[],
): Promise<void> {
  for (const [name, handler] of Object.entries(repeatable)) {
    const own = told.filter((event) => event.name === name);
    if (own.length > 0) await handler?.(own as never);
  }
  await everyEvent?.take(told);
}

/** The effects and that they were had, in one transaction. */
async function takeInOnce<S extends ServiceName>(
  service: S,
  { events, together = {} }: Pick<Handlers<S>, "events" | "together">,
  arrived: Incoming[],
  { use }: Sessions,
): Promise<void> {
  const told = arrived.flatMap(({ event }) => (event ? [event] : []));
  const effect = async (session: ClientSession) => {
    const unsent: UnsentEvent[] = [];
    await keepInInbox(service, arrived, session);
    for (const event of told) {
      await events[event.name]?.(event as never, openTx(session, metaOf(event), unsent));
    }
    for (const [name, handler] of Object.entries(together)) {
      const own = told.filter((event) => event.name === name);
      if (own.length > 0) await handler?.(own as never, openTx(session, {}, unsent));
    }
    await keepInOutbox(service, unsent, session);
    return unsent.length;
  };
  const announced = await use((session) => transaction(service, effect, { session }));
  if (announced > 0) wakeRelay(service);
}

/** What comes of an event is done on behalf of whom the event names, because of it. */
const metaOf = ({ id, actor }: DomainEvent): Meta => ({
  actor: { ...actor, permissions: [] },
  requestId: id,
});
