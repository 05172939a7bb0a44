/** P4: each event has its effect once and in order, whatever ends or fails meanwhile. */
import { expect, test } from "@jest/globals";
import { newId } from "../ids.ts";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";
import { testLogger } from "../testing/events.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import { startConsumer, type Listening } from "./consumer.ts";
import type { DomainEvent } from "./event.ts";
import { announce, changed, changes, joined, versionsOf, type Sample } from "./events.samples.ts";
import { leases } from "./lease.ts";
import { startRelay } from "./relay.ts";

type Change = DomainEvent<"customers.changed">;

interface Effect {
  _id: string;
  aggregate: DomainEvent["aggregate"];
}

/** What came of the events: a row for each effect, numbered as they were committed. */
const effects = () => nativeOf<Effect>(database("cases"), "effects");
const effectsOf = async (samples: Sample[]) => {
  const ids = samples.map(({ aggregate }) => aggregate.id);
  return effects()
    .find({ "aggregate.id": { $in: ids } })
    .sort({ _id: 1 })
    .toArray();
};

const patience = { attempts: 8, pausesMs: [10, 20, 40], absenceMs: 60_000 };

/** A listener of the service cases; before each effect it does what the test asks for. */
async function listening(before: (event: Change) => Promise<void> | void = () => undefined) {
  const changedHandler = async (event: Change, { session }: { session: never }) => {
    await before(event);
    await effects().insertOne({ _id: newId(), aggregate: event.aggregate }, { session });
  };
  const handlers = { events: { "customers.changed": changedHandler as never } };
  const consumer = await startConsumer("cases", handlers, testLogger(), { leaseMs: 400, patience });
  onTestFinished(() => consumer.stop());
  return consumer;
}

async function relaying() {
  await joined("customers", "cases");
  const relay = await startRelay("customers", testLogger(), { leaseMs: 400 });
  onTestFinished(() => relay.stop());
}

/** Waits until all of these have had their effect, and answers each customer's versions. */
async function outcomeOf(samples: Sample[]) {
  await until(async () => (await effectsOf(samples)).length >= samples.length);
  return [...versionsOf(await effectsOf(samples)).values()];
}

test("P4: each event has its effect once and in order", async () => {
  await relaying();
  const told = changes(20, 10);
  await listening();

  await announce(told);

  expect(await outcomeOf(told)).toEqual(Array(20).fill([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
});

test("P4: nothing is lost or doubled while listeners lose their place to others", async () => {
  await relaying();
  const told = changes(10, 60);
  const robbed: Promise<Listening>[] = [listening()];

  for (let at = 0; at < told.length; at += 30) {
    await announce(told.slice(at, at + 30));
    // The holder does not know that it has lost its lease, and goes on beside the next one.
    await leases("cases").updateOne(
      { _id: "consumer" },
      { $set: { holder: "", until: new Date(0) } },
    );
    robbed.push(listening());
  }

  const versions = await outcomeOf(told);
  await Promise.all(robbed);
  expect(versions).toEqual(Array(10).fill(Array.from({ length: 60 }, (_, index) => index + 1)));
  expect(await effectsOf(told)).toHaveLength(600);
});

test("P4: order per customer holds although the handler fails now and then", async () => {
  await relaying();
  const told = changes(8, 12);
  let calls = 0;
  await listening(() => {
    calls += 1;
    if (calls % 5 === 0) throw new Error("Now and then");
  });

  await announce(told);

  const versions = await outcomeOf(told);
  expect(versions).toEqual(Array(8).fill([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
});

test("P4: an event that fails holds up its own customer only", async () => {
  await relaying();
  const [stuck, free] = [newId(), newId()];
  const gate = Promise.withResolvers<void>();
  let tries = 0;
  await listening(async ({ aggregate }) => {
    if (aggregate.id !== stuck || aggregate.version !== 1) return;
    tries += 1;
    if (tries < 5) throw new Error("Not yet"); // by then it is alone, however many came with it
    await gate.promise;
  });
  const others = [changed(free, 1), changed(free, 2)];

  await announce([changed(stuck, 1), changed(stuck, 2), ...others]);

  await outcomeOf(others);
  expect(await effectsOf([changed(stuck, 1)])).toEqual([]);
  gate.resolve();
  expect(await outcomeOf([changed(stuck, 1), changed(stuck, 2)])).toEqual([[1, 2]]);
});
