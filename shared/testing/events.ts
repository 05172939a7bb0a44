/** Waiting for events in tests: for what is true in the end, never for a time to pass. */
import { ServiceBroker } from "moleculer";
import type { EventName, ServiceName } from "../bus.ts";
import { inbox } from "../events/inbox.ts";
import { eventsOf } from "../events/event.ts";
import { outbox } from "../events/outbox.ts";
import { until } from "./until.ts";

/** Waits until the stream has everything that these services have announced. */
export async function published(...services: ServiceName[]): Promise<void> {
  for (const service of services) {
    await until(async () => (await outbox(service).countDocuments({ pending: true })) === 0);
  }
}

/** Waits until `listener` has taken in every event of this name that was announced so far. */
export async function takenIn(listener: ServiceName, event: EventName): Promise<void> {
  const [owner = ""] = event.split(".");
  const announcer = (owner === "interactions" ? "channels" : owner) as ServiceName;
  const rows = await outbox(announcer).find({ "events.name": event }).toArray();
  const told = rows.flatMap(eventsOf).filter(({ name }) => name === event);
  const ids = told.map(({ id }) => id);
  await until(async () => {
    const known = await inbox(listener).countDocuments({ _id: { $in: ids } });
    return known === ids.length;
  });
}

/** A logger where there is no service to take it from; silent unless TEST_LOG is set. */
export const testLogger = () =>
  new ServiceBroker({ logger: Boolean(process.env["TEST_LOG"]) }).logger;
