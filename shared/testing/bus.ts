/** A broker for tests: real services on real servers, typed stand-ins for their neighbours. */
import { ServiceBroker, type ServiceSchema } from "moleculer";
import type { Actor } from "../contracts/common.ts";
import { permissionsOf, type Holder } from "../contracts/access.ts";
import type { Broker, EventName, Meta, ServiceName } from "../bus.ts";
import { contracts } from "../contracts/index.ts";
import type { Contract } from "../contract.ts";
import { eventsOf, type DomainEvent } from "../events/event.ts";
import { outbox } from "../events/outbox.ts";
import { newId } from "../ids.ts";
import { answers } from "../middlewares/answers.ts";
import { guarded, type ActionHandlers } from "../service.ts";
import { onTestFinished } from "./finished.ts";

/** A stand-in for a neighbour, held to the neighbour's own contract; it keeps nothing. */
export function standIn<S extends ServiceName>(
  name: S,
  actions: Partial<ActionHandlers<S>>,
): ServiceSchema {
  const own: Contract = contracts[name];
  return {
    name,
    actions: Object.fromEntries(
      Object.entries(actions).map(([action, handler]) => [
        action,
        { handler: guarded(handler as never, own.actions[action]?.params ?? {}) },
      ]),
    ),
  };
}

/** Starts services on a broker without a transporter; everything stops after the test. */
export async function startBus(...services: ServiceSchema[]) {
  const broker = new ServiceBroker({
    logger: process.env["TEST_LOG"] ? true : false,
    validator: false,
    requestTimeout: 10_000,
    middlewares: [answers],
    registry: { stopDelay: 0 },
  });
  for (const service of services) broker.createService(service);
  await broker.start();
  onTestFinished(() => broker.stop());
  return broker as unknown as Broker;
}

/** What a service has announced so far of one event, as its outbox keeps it. */
export async function announced<E extends EventName>(service: ServiceName, event: E) {
  const rows = await outbox(service).find({ "events.name": event }).sort({ _id: 1 }).toArray();
  return rows.flatMap(eventsOf).filter(({ name }) => name === event) as DomainEvent<E>[];
}

/** The meta of a call made by somebody with this role. */
export function as(role: Holder, more: Partial<Actor> = {}): { meta: Meta } {
  const kind = role === "connector" ? "connector" : "user";
  const actor: Actor = {
    kind,
    id: newId(),
    name: `A ${role}`,
    ...(role === "connector" ? {} : { role }),
    permissions: permissionsOf(role),
    ...more,
  };
  return { meta: { actor, requestId: newId() } };
}
