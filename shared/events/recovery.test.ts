/** P4: what happens to events while NATS dies, comes back, or comes back empty. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findNatsServer } from "../../deploy/local/binaries.ts";
import { startNatsServer } from "../../deploy/local/nats-server.ts";
import { published, testLogger } from "../testing/events.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import { startConsumer } from "./consumer.ts";
import type { DomainEvent } from "./event.ts";
import { announce, changes, inStream, joined, versionsOf, type Sample } from "./events.samples.ts";
import { reachedNats } from "./nats.ts";
import { startRelay } from "./relay.ts";
import { eventsStream } from "./stream.ts";

type Change = DomainEvent<"customers.changed">;

/** A nats-server of this file alone, which is started again when it is killed. */
let server: Awaited<ReturnType<typeof startNatsServer>>;
const dataDir = mkdtempSync(join(tmpdir(), "casewire-nats-"));
const log = () => undefined;

beforeAll(async () => {
  server = await startNatsServer(await findNatsServer(log), { dataDir, log });
  process.env["NATS_URL"] = server.url;
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The relay of customers, and a listener that notes what it takes in. */
async function running() {
  await joined("customers", "cases");
  const taken: Pick<DomainEvent, "aggregate">[] = [];
  const handler = ({ aggregate }: Change) => Promise.resolve(void taken.push({ aggregate }));
  const handlers = { events: { "customers.changed": handler as never } };
  const relay = await startRelay("customers", testLogger());
  const consumer = await startConsumer("cases", handlers, testLogger());
  onTestFinished(async () => {
    await consumer.stop();
    await relay.stop();
  });
  return taken;
}

const inOrder = (samples: Sample[]) => [...versionsOf(samples).values()];

test("P4: nothing is lost or doubled when NATS is killed in the middle", async () => {
  const taken = await running();
  const told = changes(30, 20);

  for (let at = 0; at < told.length; at += 20) {
    await announce(told.slice(at, at + 20));
    if (at % 200 !== 100) continue;
    const pid = server.pid();
    if (pid) process.kill(pid, "SIGKILL");
    await until(() => server.pid() && server.pid() !== pid);
  }

  await until(() => taken.length >= told.length);
  await published("customers");
  expect([...versionsOf(taken).values()]).toEqual(inOrder(told));
  expect(await inStream()).toHaveLength(told.length);
});

test("P4: a stream that was lost is filled again from the outbox, and nobody acts twice", async () => {
  const taken = await running();
  const told = changes(5, 4);
  await announce(told);
  await until(() => taken.length === told.length);
  const before = await inStream();
  const { streams } = await reachedNats().jetstreamManager();

  await streams.delete(eventsStream());
  const more = changes(2, 2);
  await announce(more);

  await until(() => taken.length >= told.length + more.length);
  await published("customers");
  const after = await inStream();
  expect(new Set(after.map(({ id }) => id)).size).toBe(before.length + more.length);
  expect([...versionsOf(taken).values()]).toEqual(inOrder([...told, ...more]));
});

test("what is announced while NATS is away is taken in when it is back", async () => {
  await server.stop();
  const told = changes(3, 3);
  const taken = await running();
  await announce(told);

  const other = await startNatsServer(await findNatsServer(log), { dataDir, log });
  onTestFinished(() => other.stop());

  expect(other.url).toBe(server.url);
  await until(() => taken.length >= told.length);
  expect([...versionsOf(taken).values()]).toEqual(inOrder(told));
});

test("with NATS away all stops within seconds", async () => {
  await joined("customers");
  const relay = await startRelay("customers", testLogger());
  const consumer = await startConsumer("cases", { events: {} }, testLogger());
  await announce([...changes(1, 1)]);
  const started = Date.now();

  await Promise.all([consumer.stop(), relay.stop()]);

  expect(Date.now() - started).toBeLessThan(3_000);
});
