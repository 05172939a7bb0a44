/** The effect of events: what the handlers do, and that it was done, in one transaction. */
import type { ClientSession } from "mongodb";
import type { EventName, Meta, ServiceName } from "../bus.ts";
import { openTx, type Tx } from "../mongo/write.ts";
import { transaction } from "../mongo/transaction.ts";
import type { DomainEvent, OutboxRow } from "./event.ts";
import { keepInInbox } from "./inbox.ts";
import type { Incoming } from "./incoming.ts";
import { keepInOutbox, wakeRelay } from "./outbox.ts";
import type { Sessions } from "./sessions.ts";

/** What a service does about events. */
export interface Handlers<S extends ServiceName> {
  events: Partial<Record<string, (event: never, tx: Tx<S>) => Promise<void>>>;
  /** The events of one name that came together, for effects that are cheaper so. */
  together?: Partial<Record<string, (events: never, tx: Tx<S>) => Promise<void>>> | undefined;
  everyEvent?: EveryEvent<S> | undefined;
}

/** What a service does about all events, many at a time, but for some. */
export interface EveryEvent<S extends ServiceName> {
  but?: readonly EventName[];
  take: (events: DomainEvent[], tx: Tx<S>) => Promise<void>;
}

/**
 * Takes in events in their order: all of them or none.
 * @throws what a handler throws, the fault of a message that is no event, or a
 * duplicate key error where one was taken in before
 */
export async function takeIn<S extends ServiceName>(
  service: S,
  { events, together = {}, everyEvent }: Handlers<S>,
  arrived: Incoming[],
  { use }: Sessions,
): Promise<void> {
  const broken = arrived.find(({ fault }) => fault);
  if (broken) throw broken.fault as Error;
  const told = arrived.flatMap(({ event }) => (event ? [event] : []));
  const effect = async (session: ClientSession) => {
    const rows: OutboxRow[] = [];
    await keepInInbox(service, arrived, session);
    for (const event of told) {
      await events[event.name]?.(event as never, openTx(session, metaOf(event), rows));
    }
    for (const [name, handler] of Object.entries(together)) {
      const own = told.filter((event) => event.name === name);
      if (own.length > 0) await handler?.(own as never, openTx(session, {}, rows));
    }
    await everyEvent?.take(told, openTx(session, {}, rows));
    await keepInOutbox(service, rows, session);
    return rows.length;
  };
  const announced = await use((own) => transaction(service, effect, own));
  if (announced > 0) wakeRelay(service);
}

/** What comes of an event is done on behalf of whom the event names, because of it. */
const metaOf = ({ id, actor }: DomainEvent): Meta => ({
  actor: { ...actor, permissions: [] },
  requestId: id,
});
