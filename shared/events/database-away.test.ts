/** P4: what happens to events while MongoDB dies and comes back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findMongod } from "../../deploy/local/binaries.ts";
import { startMongod } from "../../deploy/local/mongod.ts";
import { newId } from "../ids.ts";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";
import type { Tx } from "../mongo/write.ts";
import { testLogger } from "../testing/events.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import { startConsumer } from "./consumer.ts";
import { listDeadLetters } from "./dead-letters.ts";
import type { DomainEvent } from "./event.ts";
import { announce, changes, inStream, joined, versionsOf } from "./events.samples.ts";
import { startRelay } from "./relay.ts";

/** A mongod of this file alone, which is started again when it is killed. */
let mongod: Awaited<ReturnType<typeof startMongod>>;
const dataDir = mkdtempSync(join(tmpdir(), "casewire-mongod-"));
const log = () => undefined;

beforeAll(async () => {
  mongod = await startMongod(await findMongod(log), { dataDir, cacheGb: 0.25, log });
  process.env["MONGODB_URL"] = mongod.url;
});
afterAll(async () => {
  await mongod.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const effects = () => nativeOf<Pick<DomainEvent, "aggregate">>(database("cases"), "effects");

test("P4: a database that is away makes events wait, never a dead letter or a double", async () => {
  await joined("customers", "cases");
  const note = async (
    { aggregate }: DomainEvent<"customers.changed">,
    { session }: Tx<"cases">,
  ) => {
    await effects().insertOne({ _id: newId() as never, aggregate }, { session });
  };
  const told = changes(20, 40);
  const patience = { attempts: 2, pausesMs: [10], absenceMs: 60_000 };
  await announce(told);
  const relay = await startRelay("customers", testLogger(), { leaseMs: 1_000 });
  const handlers = { events: { "customers.changed": note } };
  const options = { leaseMs: 1_000, patience };
  const consumer = await startConsumer("cases", handlers, testLogger(), options);
  onTestFinished(async () => {
    await consumer.stop();
    await relay.stop();
  });

  for (const share of [0.1, 0.5]) {
    const enough = told.length * share;
    await until(async () => (await effects().countDocuments()) >= enough, { everyMs: 2 });
    const pid = mongod.pid();
    if (pid) process.kill(pid, "SIGKILL");
    await until(() => mongod.pid() && mongod.pid() !== pid);
  }

  await until(async () => (await effects().countDocuments()) >= told.length);
  const rows = await effects().find().sort({ _id: 1 }).toArray();
  expect(versionsOf(rows)).toEqual(versionsOf(told));
  expect(new Set((await inStream()).map(({ id }) => id)).size).toBe(told.length);
  expect((await listDeadLetters({ limit: 1 })).items).toEqual([]);
});
