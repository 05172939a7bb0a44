/** What cannot be taken in ends in a visible dead letter, which can be replayed (P4). */
import { expect, test } from "@jest/globals";
import { newId } from "../ids.ts";
import { testLogger } from "../testing/events.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import { startConsumer } from "./consumer.ts";
import { listDeadLetters, replayDeadLetter } from "./dead-letters.ts";
import { eventsOf, type DomainEvent } from "./event.ts";
import { announce, changed, joined } from "./events.samples.ts";
import { inbox } from "./inbox.ts";
import { outbox } from "./outbox.ts";
import { reachedNats } from "./nats.ts";
import { startRelay } from "./relay.ts";
import { eventSubject } from "./stream.ts";

type Change = DomainEvent<"customers.changed">;

const patience = { attempts: 3, pausesMs: [10], absenceMs: 60_000 };
const page = { limit: 50 };

async function relaying() {
  await joined("customers", "cases", "audit");
  const relay = await startRelay("customers", testLogger());
  onTestFinished(() => relay.stop());
}

/** A listener that notes what it takes in and refuses what the test says. */
async function listening(service: "cases" | "audit", refuses: (event: Change) => boolean) {
  const taken: string[] = [];
  const handler = (event: Change) => {
    if (refuses(event)) throw new Error("This one\ncannot be taken in");
    taken.push(`${event.aggregate.id} ${event.aggregate.version}`);
    return Promise.resolve();
  };
  const handlers = { events: { "customers.changed": handler as never } };
  const consumer = await startConsumer(service, handlers, testLogger(), { patience });
  onTestFinished(() => consumer.stop());
  return taken;
}

/** The dead letters of a service, once there are so many. */
const lettersOf = (service: string, many: number) =>
  until(async () => {
    const { items } = await listDeadLetters(page);
    const own = items.filter((one) => one.service === service);
    return own.length === many ? own : undefined;
  });

test("P4: a poisonous event becomes a dead letter; its replay succeeds once it is cured", async () => {
  await relaying();
  const [sick, well] = [newId(), newId()];
  let cured = false;
  const isPoison = ({ aggregate: { id, version } }: Change) => id === sick && version === 1;
  const taken = await listening("cases", (event) => !cured && isPoison(event));
  const elsewhere = await listening("audit", () => false);

  await announce([changed(sick, 1), changed(well, 1), changed(sick, 2)]);
  const [letter] = await lettersOf("cases", 1);
  await until(() => taken.length === 2 && elsewhere.length === 3);
  const known = [...taken].sort();
  cured = true;
  const replayed = await replayDeadLetter(letter?.id ?? "");
  await until(() => taken.length === 3);

  expect(letter).toMatchObject({
    event: "customers.changed",
    attempts: 3,
    reason: "Error: This one cannot be taken in",
  });
  expect(known).toEqual([`${sick} 2`, `${well} 1`].sort());
  expect(replayed).toEqual({ id: letter?.id, event: "customers.changed", service: "cases" });
  expect(taken.at(-1)).toBe(`${sick} 1`);
  expect((await listDeadLetters(page)).items).toEqual([]);
  expect(await inbox("cases").findOne({ _id: letter?.eventId ?? "" })).not.toHaveProperty("dead");
  expect(elsewhere).toHaveLength(3);
});

test("P4: a replay that fails again is a dead letter again", async () => {
  await relaying();
  const sick = newId();
  await listening("cases", ({ aggregate }) => aggregate.id === sick);
  await announce([changed(sick, 1)]);
  const [letter] = await lettersOf("cases", 1);

  await replayDeadLetter(letter?.id ?? "");

  const again = await until(async () => {
    const [next] = await lettersOf("cases", 1);
    return next?.id === letter?.id ? undefined : next;
  });
  expect(again.eventId).toBe(letter?.eventId);
  await replayDeadLetter(again.id);
  await lettersOf("cases", 1);
});

test("a message that breaks its contract is a dead letter at once", async () => {
  await relaying();
  await listening("audit", () => false);
  const subject = eventSubject("customers.changed");
  const stream = reachedNats().jetstream();
  const whole = {
    ...{ id: newId(), name: "customers.changed", key: "k", changes: [], at: new Date() },
    ...{ aggregate: { kind: "customer", id: "c", version: 1 }, actor: { kind: "user", id: "u" } },
  };
  await stream.publish(subject, "no json", { msgID: newId() });
  await stream.publish(subject, JSON.stringify({ ...whole, data: { id: 5 } }), { msgID: whole.id });

  const letters = await lettersOf("audit", 2);

  expect(letters.map(({ attempts }) => attempts)).toEqual([1, 1]);
  expect(letters[1]).toMatchObject({ event: "customers.changed", eventId: whole.id });
});

test("an event with a field of a newer release is taken in", async () => {
  await relaying();
  const taken = await listening("audit", () => false);
  const id = newId();
  const event = {
    ...{ id: newId(), name: "customers.changed", key: id, changes: [], at: new Date() },
    ...{ aggregate: { kind: "customer", id, version: 7 }, actor: { kind: "user", id: "u" } },
    data: { id, novelty: true },
  };

  await reachedNats()
    .jetstream()
    .publish(eventSubject("customers.changed"), JSON.stringify(event), { msgID: event.id });

  await until(() => taken.includes(`${id} 7`));
});

test("dead letters are listed a page at a time, oldest first", async () => {
  await relaying();
  await listening("cases", () => true);
  const told = [1, 2, 3, 4, 5].map(() => changed(newId(), 1));
  await announce(told);
  const keys = told.map(({ aggregate }) => aggregate.id);
  const rows = await outbox("customers")
    .find({ "events.key": { $in: keys } })
    .toArray();
  const ids = rows.flatMap(eventsOf).map(({ id }) => id);
  const all = await until(async () => {
    const { items } = await listDeadLetters(page);
    const dead = new Set(items.map(({ eventId }) => eventId));
    return ids.every((id) => dead.has(id)) ? items : undefined;
  });

  const first = await listDeadLetters({ limit: 3 });
  const rest = await listDeadLetters({ limit: 50, cursor: first.nextCursor ?? "" });

  const places = all.map(({ id }) => Number(id));
  expect(first.items).toEqual(all.slice(0, 3));
  expect(rest).toEqual({ items: all.slice(3), nextCursor: null });
  expect(places).toEqual(places.toSorted((one, other) => one - other));
});

test("a dead letter that is not there is not found", async () => {
  await relaying();
  await until(() => reachedNats());

  await expect(replayDeadLetter("4711")).rejects.toMatchObject({ type: "NOT_FOUND", code: 404 });
  await expect(replayDeadLetter("..")).rejects.toMatchObject({ type: "NOT_FOUND", code: 404 });
});
