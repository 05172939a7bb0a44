/** A process that the tests kill: relays the customers' outbox and listens as the service cases. */
import { setTimeout as pause } from "node:timers/promises";
import { ServiceBroker } from "moleculer";
import { newId } from "../ids.ts";
import { connect, database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";
import type { Tx } from "../mongo/write.ts";
import { startConsumer } from "./consumer.ts";
import type { DomainEvent } from "./event.ts";
import { startRelay } from "./relay.ts";

const { logger } = new ServiceBroker({ logger: false });
const leaseMs = 500;

async function note({ aggregate }: DomainEvent<"customers.changed">, { session }: Tx<"cases">) {
  await nativeOf(database("cases"), "effects").insertOne(
    { _id: newId() as never, aggregate },
    { session },
  );
  await pause(5);
}

await connect();
await startRelay("customers", logger, { leaseMs });
await startConsumer("cases", { events: { "customers.changed": note } }, logger, {
  leaseMs,
});
