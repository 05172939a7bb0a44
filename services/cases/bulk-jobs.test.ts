/** Jobs over many cases: whose they are, how they end, and that they go on (F126). */
import { expect, test } from "@jest/globals";
import type { Meta } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { start } from "./bulk.samples.ts";
import { administrator, agent, command, supervisor } from "./closing.samples.ts";

test("F126: a job is its user's and administrators'; to others it is not there", async () => {
  const { bus, aKept, close } = await start();
  const { id } = await close({ caseIds: [(await aKept()).id] });

  for (const action of ["cases.getBulkJob", "cases.listBulkRows", "cases.cancelBulkJob"] as const) {
    await expect(bus.call(action, { id }, agent())).rejects.toMatchObject({ code: 404 });
    await bus.call(action, { id }, administrator);
  }
  const listed = async (who: { meta: Meta }) =>
    (await bus.call("cases.listBulkJobs", { kind: "close", state: ["done"], limit: 200 }, who))
      .items;
  expect((await listed(supervisor())).map((one) => one.id)).toContain(id);
  expect((await listed(administrator)).map((one) => one.id)).toContain(id);
  expect((await listed(agent("bo"))).map((one) => one.id)).not.toContain(id);
});

test("F126: a job that is cancelled leaves the rest as it is, and says so of each", async () => {
  const { bus, aKept, finished, rows } = await start();
  const kept = await Promise.all(Array.from({ length: 400 }, () => aKept()));
  const caseIds = kept.map(({ id }) => id);
  const who = supervisor();
  const { id } = await bus.call("cases.bulkClose", { caseIds }, who);
  await until(async () => (await bus.call("cases.getBulkJob", { id }, who)).done > 0, {
    everyMs: 5,
  });

  const asked = await bus.call("cases.cancelBulkJob", { id }, who);
  const job = await finished(id, who);
  const again = await bus.call("cases.cancelBulkJob", { id }, who);

  expect(asked.state).toBe("cancelling");
  expect(job).toMatchObject({ state: "cancelled", total: 400 });
  expect(again).toEqual(job);
  const all = await rows(id, who);
  const outcomes = Object.groupBy(all, ({ outcome }) => outcome);
  expect(outcomes.done).toHaveLength(job.done);
  expect(outcomes.skipped).toHaveLength(400 - job.done);
  const { items } = await bus.call("cases.listBulkRows", { id, outcome: "skipped", limit: 1 }, who);
  const left = await bus.call("cases.get", { id: String(items[0]?.caseId) }, who);
  expect(left.status).toBe("new");
});

test("B03, F126: a job goes on with the next replica, and closes each case once", async () => {
  const first = await start();
  const kept = await Promise.all(Array.from({ length: 300 }, () => first.aKept()));
  const who = supervisor();
  const { id } = await first.bus.call(
    "cases.bulkClose",
    { caseIds: kept.map((one) => one.id) },
    who,
  );
  await until(async () => (await first.bus.call("cases.getBulkJob", { id }, who)).done > 20, {
    everyMs: 5,
  });

  await first.bus.stop();
  const second = await start();
  const job = await second.finished(id, who);

  expect(job).toMatchObject({ state: "done", total: 300, done: 300, refused: 0 });
  const ids = new Set(kept.map((one) => one.id));
  const events = (await announced("cases", "cases.closed")).filter(({ data }) => ids.has(data.id));
  expect(events).toHaveLength(300);
});

test("F126: what is done in the name of somebody who is disabled meanwhile is left undone", async () => {
  const { aKept, close, statusOf } = await start({ disabled: ["rosa"] });
  const { id } = await aKept();

  expect((await close({ caseIds: [id] })).job).toMatchObject({ state: "cancelled", done: 0 });
  expect(await statusOf(id)).toBe("new");
});

test("B01: the same command begins one job; somebody has five of them at once at most", async () => {
  const { bus } = await start();
  const who = administrator;
  const once = command(who);
  const asked = { caseIds: ["a"] };

  const job = await bus.call("cases.bulkClose", asked, once);
  expect(await bus.call("cases.bulkClose", asked, once)).toEqual(job);

  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, () =>
      bus.call("cases.bulkClose", { caseIds: Array.from({ length: 1_000 }, newId) }, who),
    ),
  );
  const refused = outcomes.flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  expect(refused.length).toBeGreaterThan(0);
  for (const one of refused) expect(one).toMatchObject({ code: 409, type: "TOO_MANY_JOBS" });
});

test("D18: a job is told of when it begins and when it is over", async () => {
  const { close } = await start();

  const { id } = await close({ caseIds: ["nowhere"] });

  const [begun] = (await announced("cases", "cases.bulkStarted")).filter(
    (one) => one.data.id === id,
  );
  const [over] = (await announced("cases", "cases.bulkFinished")).filter(
    (one) => one.data.id === id,
  );
  expect(begun?.data).toEqual({ id, kind: "close", userId: "rosa" });
  expect(over?.data).toEqual({
    ...{ id, kind: "close", userId: "rosa", state: "done" },
    ...{ total: 1, done: 0, refused: 1 },
  });
});
