/** Runs through closed cases: who may begin one, when they begin by themselves, and what stops them (B08). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { until } from "#shared/testing/until.ts";
import { administrator, start } from "./retention.samples.ts";
import { noteBegun } from "./retention.store.ts";

const nights = () => database("cases").collection("retentionNights");

test.each([
  ["a campaign that there is not", { id: "nowhere" }, { code: 404 }],
  [
    "days of its own that are no trial",
    { retentionDays: 3 },
    { code: 422, data: { errors: [{ path: "retentionDays" }] } },
  ],
  [
    "no days at all",
    { dryRun: true, retentionDays: 0 },
    { code: 422, data: { errors: [{ path: "retentionDays" }] } },
  ],
  ["another word", { confirm: "x" }, { code: 422, data: { errors: [{ path: "confirm" }] } }],
])("B08: a run of %s is refused", async (_what, said, refusal) => {
  const { begin } = await start();

  await expect(begin(said)).rejects.toMatchObject(refusal);
});

test("B08: a campaign that keeps its cases for ever has no run, but one on trial that says how long", async () => {
  const { begin, ended, state, aClosed } = await start();
  state.retentionDays = undefined;
  await aClosed(31);

  for (const said of [{}, { dryRun: true }]) {
    await expect(begin(said)).rejects.toMatchObject({ code: 409, type: "RETENTION_OFF" });
  }
  expect(await ended({ dryRun: true, retentionDays: 30 })).toMatchObject({ found: 1 });
});

test("B08: a campaign has one run at a time, and one on trial beside it", async () => {
  const { begin, run, bus, over, customers, aClosed } = await start({ without: "customers" });
  await aClosed(31);
  const [first, trial] = [await begin(), await begin({ dryRun: true })];

  const again = { code: 409, type: "RETENTION_RUNNING" };
  await expect(begin()).rejects.toMatchObject({ ...again, data: { existingId: first.id } });
  const tried = begin({ dryRun: true, retentionDays: 2 });
  await expect(tried).rejects.toMatchObject({ ...again, data: { existingId: trial.id } });
  const waiting = await until(async () => {
    const one = await run(first.id);
    return one.waitsFor ? one : undefined;
  });
  expect(waiting).toMatchObject({ state: "running", waitsFor: "customers", found: 0 });

  bus.createService(customers);
  const done = await over(first.id);
  expect(done).toMatchObject({ found: 1 });
  expect(done).not.toHaveProperty("waitsFor");
  await over(trial.id);
});

test("B08: a run ends where its campaign keeps cases for ever meanwhile; what was not chosen stays", async () => {
  const turning = { now: (): unknown => undefined };
  const page = { kind: "interaction", stays: "x", ids: [], changed: 0, traces: 0 };
  const { aClosed, begin, over, read, state } = await start({
    channels: {
      removeCaseContent() {
        turning.now();
        return { ...page, nextCursor: null };
      },
    },
  });
  const kept = await aClosed(31, { description: "Kept" });
  for (let place = 0; place < 20; place += 1) await aClosed(40);
  turning.now = () => (state.retentionDays = undefined);

  const { id } = await begin();

  expect(await over(id, "cancelled")).toMatchObject({ found: 20, state: "cancelled" });
  expect(await read(kept.id)).toMatchObject({ description: "Kept" });
});

test("B08: a run goes on behind twenty cases, and behind any number of held ones", async () => {
  const { aClosed, ended, state } = await start();
  const closedAt = new Date("2026-01-01");
  const held = [];
  for (let place = 0; place < 45; place += 1) {
    const { customerId } = await aClosed(0, { closedAt });
    if (place % 3 > 0) held.push(customerId);
  }
  state.held = held;

  expect(await ended()).toMatchObject({ found: 15, spared: 30 });
});

test("B08: every night runs begin for the campaigns that have something to take away, once", async () => {
  const yesterday = new Date(Date.now() - 86_400_000);
  const { bus, aClosed, campaignId, read } = await start();
  const { id } = await aClosed(31);
  const list = () =>
    bus.call("cases.listRetentionRuns", { campaignId, count: true }, administrator);
  await nights().deleteMany({});
  await until(async () => (await nights().countDocuments({})) === 1);
  expect((await list()).total).toBe(0); // a system that was just set up begins with its first night

  await noteBegun(yesterday, yesterday);
  await nights().deleteMany({ at: { $ne: yesterday } });

  const [run] = await until(async () => {
    const { items } = await list();
    return items[0]?.state === "done" && items;
  });
  expect(run).toMatchObject({ dryRun: false, createdBy: "system", found: 1 });
  expect(await read(id)).toHaveProperty("contentRemovedAt");
  await nights().deleteMany({ at: { $ne: yesterday } });
  await until(async () => (await nights().countDocuments({})) === 2);
  expect((await list()).total).toBe(1); // there was nothing left
});

test("B08: runs are listed newest first, by campaign and state; an unknown one is 404", async () => {
  const { bus, campaignId, ended, run } = await start();
  const [first, second] = [await ended({ dryRun: true }), await ended()];
  const list = async (more: object) =>
    (await bus.call("cases.listRetentionRuns", more, administrator)).items.map(({ id }) => id);

  expect(await list({ campaignId })).toEqual([second.id, first.id]);
  expect(await list({ campaignId, state: "done" })).toHaveLength(2);
  expect(await list({ campaignId, state: "running" })).toEqual([]);
  expect(await list({ campaignId: newId() })).toEqual([]);
  expect((await list({})).slice(0, 2)).toEqual([second.id, first.id]);
  await expect(run(newId())).rejects.toMatchObject({ code: 404 });
});
