/** Who has a case before them, and who is writing on it (B13). */
import { expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import { happened, topicOfCase, type Happened } from "#shared/hints.ts";
import { newId } from "#shared/ids.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { database } from "#shared/mongo/connection.ts";
import { outbox } from "#shared/events/outbox.ts";
import { aScope } from "./creation.samples.ts";
import { idOf, present, start } from "./presence.samples.ts";

type Who = ReturnType<typeof present>;

/** Cases, and which of them were hinted at. */
async function startWatching(more: Parameters<typeof start>[0] = {}) {
  const hinted: string[] = [];
  const listener: ServiceSchema = {
    name: "listener",
    events: {
      [happened]: (ctx: { params: Happened }) => void hinted.push(...ctx.params.topics),
    },
  };
  const { bus, aKept, enter, exit } = await start({ ...more, others: [listener] });
  return {
    bus,
    aKept,
    enter,
    exit,
    hints: (id: string) => hinted.filter((topic) => topic === topicOfCase(id)).length,
    watch: (id: string, who: Who, watcherId = newId()) =>
      bus.call("cases.watch", { id, watcherId }, who),
    type: (id: string, who: Who, what?: "message" | "activity" | "note") =>
      bus.call("cases.noteTyping", { id, ...(what ? { what } : {}) }, who),
    attending: async (id: string, who: Who) =>
      (await bus.call("cases.presence", { id }, who)).items.map(
        ({ since: _since, ...item }) => item,
      ),
  };
}

const rows = () => nativeOf<{ _id: string; until: Date }>(database("cases"), "watchers");

test("B13: who watches a case is told apart from who is in it, each user once, the first first", async () => {
  const { bus, aKept, enter, watch, attending } = await startWatching();
  const [ada, bo] = [present(), present("administrator")];
  const { id } = await aKept({ status: "open" });

  const [mine, second] = [newId(), newId()];
  await watch(id, ada, mine);
  await watch(id, ada, second);
  await enter(id, bo);
  await enter(id, ada);
  const both = await attending(id, bo);
  for (const watcherId of [mine, second]) await bus.call("cases.unwatch", { id, watcherId }, ada);
  await bus.call("cases.exit", { id }, ada);

  expect(both).toEqual([
    { userId: idOf(ada), entered: true },
    { userId: idOf(bo), entered: true },
  ]);
  expect(await attending(id, bo)).toEqual([{ userId: idOf(bo), entered: true }]);
});

test("B13: one window that is closed leaves the user's others", async () => {
  const { bus, aKept, watch, attending } = await startWatching();
  const who = present();
  const { id } = await aKept();
  const first = newId();
  await watch(id, who, first);
  await watch(id, who);

  await bus.call("cases.unwatch", { id, watcherId: first }, who);

  expect(await attending(id, who)).toEqual([{ userId: idOf(who), entered: false }]);
});

test("B13: nobody ends another's watching", async () => {
  const { bus, aKept, watch, attending } = await startWatching();
  const who = present();
  const { id } = await aKept();
  const watcherId = newId();
  await watch(id, who, watcherId);

  await bus.call("cases.unwatch", { id, watcherId }, present());

  expect(await attending(id, who)).toHaveLength(1);
});

test("B13: what somebody is writing is told, the latest of several, until they stop", async () => {
  const { bus, aKept, type, attending } = await startWatching();
  const [ada, bo] = [present(), present("administrator")];
  const { id, number } = await aKept();

  await type(String(number), ada);
  await type(id, bo, "note");
  await type(id, ada, "activity");
  const writing = await attending(id, ada);
  await bus.call("cases.stopTyping", { id }, ada);
  await bus.call("cases.stopTyping", { id }, ada);

  expect(new Map(writing.map(({ userId, typing }) => [userId, typing]))).toEqual(
    new Map([
      [idOf(ada), "activity"],
      [idOf(bo), "note"],
    ]),
  );
  expect(await attending(id, ada)).toEqual([{ userId: idOf(bo), entered: false, typing: "note" }]);
});

test("B13: typing and watching end by themselves, and it is told when", async () => {
  const { aKept, watch, type, attending } = await startWatching();
  const who = present();
  const { id } = await aKept();
  const watcherId = newId();
  const before = Date.now();
  const alone = await watch(id, who, watcherId);
  await type(id, who);
  const both = await watch(id, who, watcherId);

  const inMs = (at?: Date) => Number(at) - before;
  expect(inMs(alone.changesAt)).toBeGreaterThanOrEqual(40_000);
  expect(inMs(both.changesAt)).toBeGreaterThanOrEqual(6_000);
  expect(inMs(both.changesAt)).toBeLessThan(40_000);
  await rows().updateMany({}, { $set: { until: new Date(Date.now() - 1) } });
  expect(await attending(id, who)).toEqual([]);
  expect(await rows().indexes()).toContainEqual(
    expect.objectContaining({ key: { until: 1 }, expireAfterSeconds: 60 }),
  );
});

test("B13: who watches is hinted at news, and only at news", async () => {
  const { aKept, watch, type, enter, exit, hints } = await startWatching();
  const who = present();
  const [{ id }, other] = [await aKept({ status: "open" }), await aKept()];
  const watcherId = newId();
  const counts: number[] = [];
  const after = async (work: Promise<unknown>) => {
    await work;
    counts.push(hints(id));
  };

  await after(watch(id, who, watcherId));
  await after(watch(id, who, watcherId));
  await after(type(id, who));
  await after(type(id, who));
  await after(type(id, who, "note"));
  await after(enter(id, who));
  await after(exit(id, who));
  await after(exit(other.id, who));

  expect(counts).toEqual([1, 1, 2, 2, 3, 4, 5, 5]);
});

test("D04, G04, F125: who may not act on a case does not type on it; to read is enough to watch", async () => {
  const seen = await startWatching();
  const read = await startWatching({ scope: { ...aScope("sales"), showOtherCampaigns: true } });
  const none = await startWatching({ scope: aScope("sales") });
  const who = present();
  const closed = await seen.aKept({ status: "closed" });

  await expect(seen.type(closed.id, who)).rejects.toMatchObject({ type: "CASE_CLOSED" });
  await seen.type(closed.id, who, "note");
  for (const [{ aKept, type, bus }, code] of [
    [read, 403],
    [none, 404],
  ] as const) {
    const { id } = await aKept();
    await expect(type(id, who)).rejects.toMatchObject({ code });
    const stopping = bus.call("cases.stopTyping", { id }, who);
    await expect(stopping).rejects.toMatchObject({ code });
  }
  const { id } = await read.aKept();
  expect((await read.watch(id, who)).items).toHaveLength(1);
  await expect(none.watch(id, who)).rejects.toMatchObject({ code: 404 });
});

test("B13: what lasts for seconds is no domain event and no edit of the case", async () => {
  const { bus, aKept, watch, type } = await startWatching();
  const who = present();
  const { id } = await aKept();
  const before = await outbox("cases").countDocuments();

  await watch(id, who);
  await type(id, who);

  expect(await outbox("cases").countDocuments()).toBe(before);
  expect(await bus.call("cases.get", { id }, who)).toMatchObject({ status: "new", version: 1 });
});
