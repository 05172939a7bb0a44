/** The relay: what was announced reaches the stream once and in order, whatever ends meanwhile. */
import { expect, test } from "@jest/globals";
import { published, testLogger } from "../testing/events.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import { announce, changes, inStream, joined, versionsOf, type Sample } from "./events.samples.ts";
import { outbox } from "./outbox.ts";
import { startRelay } from "./relay.ts";

const relaying = async () => {
  const relay = await startRelay("customers", testLogger(), { leaseMs: 400 });
  onTestFinished(() => relay.stop());
  return relay;
};

/** What the stream keeps of these. */
const keptOf = async (samples: Sample[]) => {
  const ids = new Set(samples.map(({ aggregate }) => aggregate.id));
  return (await inStream()).filter(({ aggregate }) => ids.has(aggregate.id));
};

test("P4: what a crash left in the outbox is published by the next one, in order", async () => {
  await joined("customers");
  const told = changes(3, 4);
  await announce(told);

  await relaying();

  await published("customers");
  const kept = await keptOf(told);
  expect(kept).toHaveLength(12);
  expect([...versionsOf(kept).values()]).toEqual([1, 2, 3].map(() => [1, 2, 3, 4]));
});

test("P4: relays that run beside one another publish each event once, in order", async () => {
  await joined("customers");
  const told = changes(40, 10);
  const started = Promise.all([relaying(), relaying(), relaying()]);

  for (let at = 0; at < told.length; at += 20) await announce(told.slice(at, at + 20));

  await started;
  await published("customers");
  const kept = await keptOf(told);
  expect(kept).toHaveLength(400);
  expect(new Set([...versionsOf(kept).values()].map(String)).size).toBe(1);
});

test("P4: versions tell the order where the clocks of two replicas differ", async () => {
  await joined("customers");
  const told = changes(3, 4);
  await announce(told.toReversed());

  await relaying();

  await published("customers");
  const kept = await keptOf(told);
  expect([...versionsOf(kept).values()]).toEqual([1, 2, 3].map(() => [1, 2, 3, 4]));
});

test("what waits is found by its own index, however many rows the outbox keeps", async () => {
  await joined("customers");
  await announce(changes(1, 1));

  const plan = await outbox("customers")
    .find({ pending: true })
    .sort({ _id: 1 })
    .hint({ pending: 1, _id: 1 })
    .limit(256)
    .explain("queryPlanner");

  expect(JSON.stringify(plan)).toContain('"indexName":"pending_1__id_1"');
  expect(JSON.stringify(plan)).not.toContain('"SORT"');
});

test("P16: personal values stay in the outbox; the stream says only that they have changed", async () => {
  await joined("customers");
  const [one] = changes(1, 1);
  const told = [
    { field: "firstName", old: "Ada", new: "Grace" },
    { field: "kind", old: "person", new: "company" },
    { field: "unheardOf", old: null, new: "Byron" },
  ];
  await announce([{ ...one!, changes: told }]);

  await relaying();
  const [event] = await until(async () => {
    const kept = await keptOf([one!]);
    return kept.length === 1 ? kept : undefined;
  });

  expect(event?.changes).toEqual([
    { field: "firstName", personal: true },
    told[1],
    { field: "unheardOf", personal: true },
  ]);
  expect(event).not.toHaveProperty("personal");
  expect(await outbox("customers").findOne({ _id: event!.id })).toMatchObject({
    events: [{ changes: told }],
    personalOf: [one!.aggregate.id],
  });
});

test("an event beyond the limit of NATS holds up its own customer only", async () => {
  await joined("customers");
  const [large, ...others] = changes(3, 1);
  const field = { field: "kind", old: null, new: "x".repeat(9_000_000) };
  await announce([{ ...large!, changes: [field] }, ...others]);

  await relaying();

  const kept = await until(async () => {
    const some = await keptOf(others);
    return some.length === 2 ? some : undefined;
  });
  expect([...versionsOf(kept).keys()]).toEqual(others.map(({ aggregate }) => aggregate.id));
});
