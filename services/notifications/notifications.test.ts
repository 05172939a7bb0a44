import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import notifications from "./notifications.service.ts";
import * as store from "./notifications.store.ts";
import { assigned, change, readable, start, tell, toldTo, transferred } from "./telling.samples.ts";

let bus: Broker;
let agent: ReturnType<typeof as>;
let me: string;
beforeEach(async () => {
  bus = await start();
  agent = as("agent");
  me = String(agent.meta.actor?.id);
});

const list = (asked: object = {}, whose = agent) => bus.call("notifications.list", asked, whose);
const unread = async () => (await bus.call("notifications.unread", {}, agent)).count;
const rows = () =>
  nativeOf<{ _id: string; userId: string; seq: number; keptUntil: Date; caseId: string }>(
    database("notifications"),
    "notifications",
  );

test("F087, F121, F230: who is given a case by others is told, with its number as far as it may be read", async () => {
  const seen = assigned(me, { how: "owner" });
  const hidden = transferred(me);
  readable.set(seen.id, 1042);

  await tell("cases.assigned", seen);
  await toldTo(bus, agent, 1);
  await tell("cases.transferred", hidden);
  const items = await toldTo(bus, agent, 2);

  expect(items).toEqual([
    { id: expect.any(String), kind: "caseTransferred", caseId: hidden.id, at: expect.any(Date) },
    {
      ...{ id: expect.any(String), kind: "caseAssigned", caseId: seen.id, caseNumber: 1042 },
      at: expect.any(Date),
    },
  ]);
  expect(await unread()).toBe(2);
});

test("F121: nobody is told of what they did themselves, nor where nobody got the case", async () => {
  await tell("cases.assigned", assigned(me, { how: "take" }));
  await tell("cases.assigned", assigned(null, { how: "release" }));
  await tell("cases.transferred", transferred(me), agent);
  await tell("cases.transferred", transferred(null, { to: "campaign" }));
  const last = assigned(me);
  await tell("cases.assigned", last);

  const items = await toldTo(bus, agent, 1);

  expect(items.map(({ caseId }) => caseId)).toEqual([last.id]);
});

test("F175, F232: who has to act next is reminded, of what and when", async () => {
  const dueAt = new Date("2026-12-01T10:00:00Z");
  const [id, activityId] = [newId(), newId()];

  await tell("cases.reminderDue", { id, activityId, userId: me, dueAt });

  const items = await toldTo(bus, agent, 1);
  expect(items).toMatchObject([{ kind: "reminderDue", caseId: id, activityId, dueAt }]);
});

test("P4, P13: an event that comes again tells nothing anew, though it was read and time has passed", async () => {
  const one = assigned(me);
  await tell("cases.assigned", one);
  const [told] = await toldTo(bus, agent, 1);
  await bus.call("notifications.read", { id: told!.id }, agent);

  const notice = { id: told!.id, kind: "caseAssigned" as const, caseId: one.id, userId: me };
  const twice = [{ ...notice, at: new Date() }];
  const both = await Promise.all([store.keep(twice, new Date()), store.keep(twice, new Date())]);

  expect(both).toEqual([[], []]);
  expect((await list()).items).toMatchObject([{ id: told!.id, readAt: expect.any(Date) }]);
});

test("P4: of many events at once each is told once, in places without a gap", async () => {
  const all = Array.from({ length: 60 }, () => assigned(me));
  await Promise.all(all.map((one) => tell("cases.assigned", one)));

  await until(async () => (await rows().countDocuments({ userId: me })) === 60);

  const kept = await rows().find({ userId: me }).sort({ seq: 1 }).toArray();
  expect(kept.map(({ seq }) => seq)).toEqual(all.map((_, place) => place + 1));
  expect(new Set(kept.map(({ caseId }) => caseId)).size).toBe(60);
});

test("who is disabled is told nothing, and again something afterwards; late news change nothing", async () => {
  await change(me, true, 2);
  await change(me, true, 2);
  const known = nativeOf<{ _id: string; disabled: boolean }>(
    database("notifications"),
    "recipients",
  );
  await until(() => known.findOne({ _id: me, disabled: true }));
  const other = as("agent");
  await tell("cases.assigned", assigned(me));
  await tell("cases.assigned", assigned(String(other.meta.actor?.id)));
  await toldTo(bus, other, 1);
  const whileDisabled = (await list()).items;

  await change(me, false, 4);
  await until(() => known.findOne({ _id: me, disabled: false }));
  await change(me, true, 3);
  const next = newId(); // of one batch, or after it
  await change(next, true, 2);
  await until(() => known.findOne({ _id: next }));
  await tell("cases.assigned", assigned(me));

  expect(whileDisabled).toEqual([]);
  expect(await toldTo(bus, agent, 1)).toHaveLength(1);
});

test("F230: the list comes in pages, newest first, and shows the unread or the read ones alone", async () => {
  for (let count = 0; count < 5; count += 1) await tell("cases.assigned", assigned(me));
  const all = await toldTo(bus, agent, 5);
  await bus.call("notifications.read", { id: all[1]!.id }, agent);

  const first = await list({ limit: 3, count: true });
  const second = await list({ limit: 3, cursor: first.nextCursor! });
  const open = await list({ unread: true });
  const done = await list({ unread: false });

  const ids = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
  expect([...ids(first), ...ids(second)]).toEqual(ids({ items: all }));
  expect([first.total, second.nextCursor]).toEqual([5, null]);
  expect(ids(open)).toEqual(ids({ items: all.filter((_, place) => place !== 1) }));
  expect(ids(done)).toEqual([all[1]!.id]);
});

test("F230: one is read, all are read, or all up to one; again is as once", async () => {
  for (let count = 0; count < 4; count += 1) await tell("cases.assigned", assigned(me));
  const [newest, third, , oldest] = await toldTo(bus, agent, 4);

  const once = await bus.call("notifications.read", { id: oldest!.id }, agent);
  const again = await bus.call("notifications.read", { id: oldest!.id }, agent);
  const some = await bus.call("notifications.readAll", { upTo: third!.id }, agent);
  const left = await list({ unread: true });
  const rest = await bus.call("notifications.readAll", {}, agent);

  expect(once.readAt).toBeInstanceOf(Date);
  expect(again).toEqual(once);
  expect([some.count, rest.count, await unread()]).toEqual([2, 1, 0]);
  expect(left.items.map(({ id }) => id)).toEqual([newest!.id]);
});

test("B09: those of others are neither listed nor counted, and unknown to whoever asks", async () => {
  const other = as("agent");
  await tell("cases.assigned", assigned(String(other.meta.actor?.id)));
  const [told] = await toldTo(bus, other, 1);

  const read = bus.call("notifications.read", { id: told!.id }, agent);
  const upTo = bus.call("notifications.readAll", { upTo: told!.id }, agent);

  await expect(read).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  await expect(upTo).rejects.toMatchObject({ code: 404 });
  expect([(await list()).items, await unread()]).toEqual([[], 0]);
  expect((await list({ unread: true }, other)).items).toHaveLength(1);
  const connector = bus.call("notifications.list", {}, as("connector"));
  await expect(connector).rejects.toMatchObject({ code: 403 });
});

test("a user finds what came after a place in order, and without a place only where it ends", async () => {
  for (let count = 0; count < 3; count += 1) await tell("cases.assigned", assigned(me));
  const all = await toldTo(bus, agent, 3);

  const since = (asked: object) => bus.call("notifications.since", asked, agent);

  expect(await since({})).toEqual({ items: [], last: 3, unread: 3 });
  const { items } = await since({ after: 1, limit: 1 });
  expect(items).toMatchObject([{ id: all[1]!.id, seq: 2 }]);
  expect((await since({ after: 0 })).items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("they are kept for NOTIFICATION_RETENTION_DAYS, and hold no more than ids and times", async () => {
  await tell("cases.assigned", assigned(me));
  await toldTo(bus, agent, 1);

  const kept = await rows().findOne({ userId: me });
  const indexes = await rows().indexes();

  const days = (kept!.keptUntil.getTime() - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(90);
  expect(indexes).toContainEqual(
    expect.objectContaining({ key: { keptUntil: 1 }, expireAfterSeconds: 0 }),
  );
  expect(Object.keys(kept!).sort()).toEqual(
    ["_id", "at", "caseId", "keptUntil", "kind", "seq", "unread", "userId"].sort(),
  );
});

test("while cases is away the list is there without numbers", async () => {
  const alone = await startBus(notifications);
  await store.keep(
    [{ id: newId(), kind: "caseAssigned", caseId: newId(), userId: me, at: new Date() }],
    new Date(Date.now() + 60_000),
  );

  const { items } = await alone.call("notifications.list", {}, agent);

  expect(items).toHaveLength(1);
  expect(items[0]).not.toHaveProperty("caseNumber");
});
