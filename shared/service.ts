/** Binds a contract to the code that keeps it, as an ordinary Moleculer service. */
import type { Context, Service, ServiceSchema } from "moleculer";
import type { Contracts, Ctx, EventName, Request, Result, ServiceName } from "./bus.ts";
import type { Contract } from "./contract.ts";
import { contracts } from "./contracts/index.ts";
import { startConsumer, type EveryEvent, type Listening } from "./events/consumer.ts";
import type { DomainEvent } from "./events/event.ts";
import { startRelay, type Relaying } from "./events/relay.ts";
import { faultToRefusal } from "./faults.ts";
import { connect, disconnect } from "./mongo/connection.ts";
import { outboxTable } from "./events/outbox.ts";
import { inboxTable } from "./events/inbox.ts";
import { prepare } from "./mongo/store.ts";
import { commandsTable, type Tx } from "./mongo/write.ts";
import { checker } from "./validation.ts";

type Handler<P, R> = (ctx: Ctx<P>) => R | Promise<R>;

export type ActionHandlers<S extends ServiceName, Actions = Contracts[S]["actions"]> = {
  [A in keyof Actions]: Handler<Request<Actions[A]>, Result<Actions[A]>>;
};

/** What a service does about events; each effect is kept in the transaction it is handed. */
type EventHandlers<S extends ServiceName> = {
  [E in EventName]?: (event: DomainEvent<E>, tx: Tx<S>) => Promise<void>;
};

/** The same for effects that are cheaper for many events at once. */
type EventsHandlers<S extends ServiceName> = {
  [E in EventName]?: (events: DomainEvent<E>[], tx: Tx<S>) => Promise<void>;
};

type RepeatableHandlers = {
  [E in EventName]?: (events: DomainEvent<E>[]) => Promise<void>;
};

interface Listeners<S extends ServiceName> {
  events?: EventHandlers<S>;
  /** Takes in the events of one name that came together. */
  eventsTogether?: EventsHandlers<S>;
  /** The same for effects that are the same twice by nature, and need no transaction. */
  eventsRepeatable?: RepeatableHandlers;
  /** For who takes in every event of the product, but for some, many at a time; repeatable, too. */
  everyEvent?: EveryEvent;
}

interface Implementation<S extends ServiceName> extends Listeners<S> {
  actions: ActionHandlers<S>;
  started?: (this: Service) => Promise<void> | void;
  stopped?: (this: Service) => Promise<void> | void;
}

/**
 * The service that keeps a contract: its params are checked, its faults become refusals, its
 * collections and indexes are made before it is reached, its events relayed and taken in.
 */
export function implement<S extends ServiceName>(
  name: S,
  { actions, started, stopped, ...listening }: Implementation<S> & ThisType<Service>,
): ServiceSchema {
  const own: Contract = contracts[name];
  /** What each service made of this schema has running; tests have several in one process. */
  const running = new WeakMap<Service, (Relaying | Listening)[]>();

  return {
    name,
    actions: Object.fromEntries(
      Object.entries(own.actions).map(([action, { params }]) => [
        action,
        {
          handler: guarded(
            (actions as unknown as Record<string, AnyHandler>)[action],
            params ?? {},
          ),
        },
      ]),
    ),
    async started() {
      await connect();
      await prepare(name, [outboxTable, inboxTable, commandsTable]);
      running.set(this, await startEvents(name, this, listening));
      await started?.call(this);
    },
    async stopped() {
      await stopped?.call(this);
      for (const part of running.get(this)?.reverse() ?? []) await part.stop();
      await disconnect();
    },
  };
}

/** Starts what relays a service's events and what takes in those of others. */
async function startEvents<S extends ServiceName>(
  name: S,
  service: Service,
  { events, eventsTogether, eventsRepeatable, everyEvent }: Listeners<S>,
): Promise<(Relaying | Listening)[]> {
  const relay = await startRelay(name, service.logger);
  if (!(events ?? eventsTogether ?? eventsRepeatable ?? everyEvent)) return [relay];
  const handlers = {
    events: boundTo(service, events ?? {}),
    together: boundTo(service, eventsTogether ?? {}),
    repeatable: boundTo(service, eventsRepeatable ?? {}),
    everyEvent: takenBy(service, everyEvent),
  };
  return [relay, await startConsumer(name, handlers, service.logger)];
}

const takenBy = (service: Service, all: EveryEvent | undefined): EveryEvent | undefined =>
  all && { ...all, take: all.take.bind(service) };

/** A listener, too, asks its neighbours through `this.broker`. */
const boundTo = <H extends object>(service: Service, handlers: H): H =>
  Object.fromEntries(
    Object.entries(handlers).map(([event, handler]) => [
      event,
      (handler as (...args: unknown[]) => unknown).bind(service),
    ]),
  ) as H;

type AnyHandler = (this: Service, ctx: Context) => unknown;

/** Checks what comes in and turns what goes wrong into a refusal that the caller understands. */
export function guarded(
  handler: AnyHandler | undefined,
  params: Contract["actions"][string]["params"] & object,
) {
  if (!handler) throw new Error("A promised action is missing");
  const check = checker(params);

  return async function (this: Service, ctx: Context): Promise<unknown> {
    try {
      ctx.params = check(ctx.params as object);
      return await handler.call(this, ctx);
    } catch (error) {
      throw faultToRefusal(error, this.logger, String(ctx.action?.name));
    }
  };
}
