/** What the tests of events share: announcements of made-up customers, and a look at the stream. */
import type { NatsConnection } from "nats";
import type { ServiceName } from "../bus.ts";
import { newId } from "../ids.ts";
import { connect, disconnect } from "../mongo/connection.ts";
import { prepare } from "../mongo/store.ts";
import { commandsTable, write } from "../mongo/write.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import type { DomainEvent } from "./event.ts";
import { inboxTable } from "./inbox.ts";
import { joinNats, leaveNats, reachedNats } from "./nats.ts";
import { outboxTable, type Announcement } from "./outbox.ts";
import { eventsStream } from "./stream.ts";

/** Connects to both servers and makes the collections of these services; ends with the test. */
export async function joined(...services: ServiceName[]): Promise<void> {
  await connect();
  onTestFinished(disconnect);
  joinNats();
  onTestFinished(leaveNats);
  for (const service of services) {
    await prepare(service, [outboxTable, inboxTable, commandsTable]);
  }
}

export type Sample = Announcement<"customers.changed">;

/** That a customer has changed, for the `version`th time. */
export const changed = (id: string, version: number): Sample => ({
  event: "customers.changed",
  aggregate: { kind: "customer", id, version },
  data: { id },
});

/** Changes of several customers in turn: `versions` of each. */
export const changes = (customers: number, versions: number): Sample[] => {
  const ids = Array.from({ length: customers }, () => newId());
  return Array.from({ length: versions }, (_, index) =>
    ids.map((id) => changed(id, index + 1)),
  ).flat();
};

/** Announces in one write. */
export const announce = (samples: Sample[]): Promise<void> =>
  write("customers", { meta: {} }, ({ announce }) => {
    samples.forEach(announce);
    return Promise.resolve();
  });

/** Everything that the stream keeps, in its order. */
export async function inStream(): Promise<DomainEvent[]> {
  const connection: NatsConnection = await until(() => reachedNats());
  const { streams } = await connection.jetstreamManager();
  const { state } = await streams.info(eventsStream());
  return Promise.all(
    Array.from({ length: state.messages }, async (_, index) => {
      const seq = state.first_seq + index;
      return (await streams.getMessage(eventsStream(), { seq })).json<DomainEvent>();
    }),
  );
}

/** Each customer's versions in the order of these events. */
export const versionsOf = (events: Pick<DomainEvent, "aggregate">[]): Map<string, number[]> =>
  events.reduce(
    (all, { aggregate: { id, version } }) => all.set(id, [...(all.get(id) ?? []), version]),
    new Map<string, number[]>(),
  );
