import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import audit from "./audit.service.ts";
import { add } from "./changes.store.ts";

const admin = as("administrator");

let bus: Broker;
beforeEach(async () => {
  bus = await startBus(audit);
});

const anEntry = (more: Partial<ChangeEntry> = {}): ChangeEntry => ({
  id: newId(),
  event: "cases.changed",
  aggregate: "case",
  aggregateId: newId(),
  aggregateVersion: 1,
  actorKind: "user",
  actorId: newId(),
  actorName: "Ada",
  changes: [{ field: "priority", old: "low", new: "high" }],
  at: new Date(),
  ...more,
});

async function keep(...entries: ChangeEntry[]): Promise<string[]> {
  await add(entries);
  return entries.map((one) => one.id);
}

const list = (params: Parameters<typeof bus.call<"audit.list">>[1]) =>
  bus.call("audit.list", params, admin);

const idsOf = ({ items }: { items: ChangeEntry[] }) => items.map((one) => one.id);

const day = (date: number) => new Date(Date.UTC(2026, 0, date));

test("D18: the log of one aggregate, newest first, as it was told", async () => {
  const aggregateId = newId();
  const first = anEntry({ aggregateId, at: day(1), cause: "request-1" });
  const second = anEntry({ aggregateId, at: day(2), aggregateVersion: 2 });
  await keep(first, anEntry(), second);

  const log = await list({ aggregate: "case", aggregateId });

  expect(log).toEqual({ items: [second, first], nextCursor: null });
});

test("D18: the log of one kind of aggregate, one user, or both", async () => {
  const actorId = newId();
  const aggregate = `kind-${newId()}`.slice(0, 40);
  const [both = "", otherActor = ""] = await keep(
    anEntry({ aggregate, actorId }),
    anEntry({ aggregate }),
  );
  const [otherKind = ""] = await keep(anEntry({ actorId }));

  expect(idsOf(await list({ aggregate }))).toEqual([otherActor, both]);
  expect(idsOf(await list({ actorId }))).toEqual([otherKind, both]);
  expect(idsOf(await list({ aggregate, actorId }))).toEqual([both]);
});

test("D18: the log of a range of time, its start included, its end not", async () => {
  const aggregateId = newId();
  const days = [1, 2, 3, 4].map((date) => anEntry({ aggregateId, at: day(date) }));
  const [, second, third, fourth] = await keep(...days);

  const middle = await list({ aggregateId, from: day(2), to: day(4) });
  const since = await list({ aggregateId, from: "2026-01-03T00:00:00+00:00" });

  expect(idsOf(middle)).toEqual([third, second]);
  expect(idsOf(since)).toEqual([fourth, third]);
});

test("B06: the log comes in pages that miss nothing, also among entries of one moment", async () => {
  const aggregateId = newId();
  const entries = Array.from({ length: 7 }, () => anEntry({ aggregateId, at: day(5) }));
  const ids = await keep(...entries);

  const first = await list({ aggregateId, limit: 4, count: true });
  const second = await list({ aggregateId, limit: 4, cursor: first.nextCursor! });

  expect([...idsOf(first), ...idsOf(second)]).toEqual(ids.reverse());
  expect(first.total).toBe(7);
  expect(second).toMatchObject({ nextCursor: null });
  expect(second).not.toHaveProperty("total");
});

test("B06: whatever is asked for is found by an index: a page reads no more than it shows", async () => {
  const [aggregateId, actorId] = [newId(), newId()];
  const aggregate = `kind-${newId()}`.slice(0, 40);
  await keep(
    ...Array.from({ length: 300 }, (_, place) =>
      anEntry({
        ...(place % 3 === 0 ? { aggregateId, aggregate } : {}),
        ...(place % 2 === 0 ? { actorId } : {}),
        at: new Date(day(10).getTime() + place),
      }),
    ),
  );
  const { db } = database("audit");
  await db!.command({ profile: 2 });
  onTestFinished(() => db!.command({ profile: 0 }).then(() => undefined));

  const questions = [
    {},
    { aggregateId },
    { aggregateId, aggregate },
    { aggregate },
    { actorId },
    { actorId, aggregate },
    { from: day(10), to: day(11) },
    { actorId, from: day(10) },
  ];
  for (const question of questions) await list({ ...question, limit: 10 });

  const reads = await db!
    .collection("system.profile")
    .find({ "command.find": "changes" })
    .toArray();
  expect(reads).toHaveLength(questions.length);
  for (const read of reads) expect(read["docsExamined"]).toBe(11);
});

test.each([
  ["cursor", { cursor: "nonsense" }],
  ["from", { from: "yesterday" }],
  ["limit", { limit: 1_000 }],
  ["actorId", { actorId: { $ne: null } }],
  ["sort", { sort: "at" }],
])("a bad question is refused at %s", async (path, params) => {
  const refused = list(params as never);

  await expect(refused).rejects.toMatchObject({ code: 422, data: { errors: [{ path }] } });
});

test("an event is in the log once, as it was first told", async () => {
  const entry = anEntry({ actorName: "Ada" });
  const other = anEntry({ aggregateId: entry.aggregateId });
  await keep(entry);

  await keep({ ...entry, actorName: "Bo" }, other);

  const { items } = await list({ aggregateId: entry.aggregateId });
  expect(items).toHaveLength(2);
  expect(items).toContainEqual(entry);
});

test("an unknown dead letter cannot be replayed", async () => {
  const refused = bus.call("audit.replayDeadLetter", { id: newId() }, admin);

  await expect(refused).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});
