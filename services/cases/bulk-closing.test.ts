/** Closing many cases as a job (F112, F126): which, what became of each, and who may. */
import { expect, test } from "@jest/globals";
import type { BulkRow } from "#shared/contracts/cases/bulk.ts";
import type { Meta } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import {
  administrator,
  agent,
  command,
  start as startUsual,
  supervisor,
  told,
  type Said,
} from "./closing.samples.ts";

type Who = { meta: Meta };

/** The usual office, and what happens to a job in it. */
async function start(said: Said = {}) {
  const office = await startUsual(said);
  const { bus } = office;
  const finished = (id: string, who: Who) =>
    until(async () => {
      const job = await bus.call("cases.getBulkJob", { id }, who);
      return ["done", "cancelled"].includes(job.state) && job;
    });
  const rows = async (id: string, who: Who) => {
    const all: BulkRow[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const paging = { limit: 200, ...(cursor ? { cursor } : {}) };
      const page = await bus.call("cases.listBulkRows", { id, ...paging }, who);
      all.push(...page.items);
      cursor = page.nextCursor;
    }
    return all;
  };
  const close = async (asked: object, who: Who = supervisor()) => {
    const { id } = await bus.call("cases.bulkClose", asked, who);
    return { id, job: await finished(id, who), rows: await rows(id, who) };
  };
  const statusOf = async (id: string) =>
    (await bus.call("cases.get", { id }, administrator)).status;
  return { ...office, finished, rows, close, statusOf };
}

const withAgents = { allowAgentBulkClose: true };

test("F112, F126: named cases are closed, each with its own result", async () => {
  const { aKept, close, statusOf } = await start({
    options: { allowCloseWithoutActivity: false },
  });
  const [one, two, bare, closed] = [
    await aKept({ activityCount: 1 }),
    await aKept({ activityCount: 2 }),
    await aKept(),
    await aKept({ status: "closed" }),
  ];
  const other = await aKept({ campaignId: "sales" });
  const caseIds = [one.id, String(two.number), bare.id, closed.id, other.id, "nowhere", one.id];

  const { job, rows } = await close({ caseIds });

  expect(job).toMatchObject({ kind: "close", state: "done", total: 6, done: 2, refused: 4 });
  expect(job.finishedAt).toBeInstanceOf(Date);
  expect(rows.map(({ place, outcome, code }) => [place, outcome, code])).toEqual([
    [1, "done", undefined],
    [2, "done", undefined],
    [3, "refused", "CASE_NOT_CLOSABLE"],
    [4, "refused", "CASE_CLOSED"],
    [5, "refused", "NOT_FOUND"],
    [6, "refused", "NOT_FOUND"],
  ]);
  expect(rows[1]).toMatchObject({ caseId: two.id, number: two.number });
  expect(rows[2]).toMatchObject({ status: 409, reasons: [{ code: "NO_ACTIVITY" }] });
  expect([await statusOf(one.id), await statusOf(bare.id), await statusOf(other.id)]).toEqual([
    "closed",
    "new",
    "new",
  ]);
  expect(await told("cases.closed", one.id)).toMatchObject([{ actor: { id: "rosa" } }]);
});

test("F126, G03, G04: a filter chooses the open cases that the user sees, and no others", async () => {
  const { aKept, close, statusOf } = await start();
  const customerId = newId();
  const mine = await Promise.all(
    Array.from({ length: 230 }, () => aKept({ customerId, priority: "low" })),
  );
  const others = [
    await aKept({ customerId, priority: "high" }),
    await aKept({ customerId: newId(), priority: "low" }),
    await aKept({ customerId, priority: "low", campaignId: "sales" }),
  ];

  const { job, rows } = await close({ filter: { customerId: [customerId], priority: ["low"] } });

  expect(job).toMatchObject({ state: "done", total: 230, done: 230, refused: 0 });
  expect(rows.map(({ caseId }) => caseId).sort()).toEqual(mine.map(({ id }) => id).sort());
  expect(rows.map(({ place }) => place)).toEqual(rows.map((_, index) => index + 1));
  for (const { id } of others) expect(await statusOf(id)).toBe("new");
});

test("F127: a text finds the cases to be closed, too, and a job does not keep it", async () => {
  const { bus, aKept, close, statusOf } = await start();
  const word = `w${newId().replaceAll("-", "")}`.slice(0, 25);
  const [found, other] = [await aKept({ subject: word }), await aKept({ subject: "other" })];

  const { id, job } = await close({ filter: { q: word } });

  expect(job).toMatchObject({ total: 1, done: 1 });
  expect([await statusOf(found.id), await statusOf(other.id)]).toEqual(["closed", "new"]);
  const seen = await bus.call("cases.getBulkJob", { id }, administrator);
  expect(JSON.stringify(seen)).not.toContain(word);
});

test("F112, D05: an agent closes in bulk where the own campaign lets agents do so", async () => {
  const allowed = await start({ options: withAgents });
  const own = await allowed.aKept();
  const refused = await start();

  expect((await allowed.close({ caseIds: [own.id] }, agent())).job).toMatchObject({ done: 1 });
  for (const asked of [{ caseIds: ["a"] }, { filter: {} }]) {
    await expect(refused.bus.call("cases.bulkClose", asked, agent())).rejects.toMatchObject({
      code: 403,
      type: "FORBIDDEN",
    });
  }
  expect((await refused.close({ caseIds: ["a"] }, supervisor())).job.refused).toBe(1);
});

test("F112, D05: of an agent's cases those of a campaign that does not allow it stay open", async () => {
  const { aKept, close, campaigns } = await start({ options: withAgents });
  const sales = campaigns[1]!;
  sales.agents = [{ userId: "ada", channelIds: [] }];
  const [support, other] = [await aKept(), await aKept({ campaignId: "sales" })];

  const { rows } = await close({ caseIds: [support.id, other.id] }, agent());

  expect(rows).toMatchObject([
    { outcome: "done" },
    { outcome: "refused", status: 403, code: "BULK_CLOSE_NOT_ALLOWED", number: other.number },
  ]);
});

test("G04: an agent's job closes only what the agent sees", async () => {
  const { aKept, close, statusOf } = await start({
    options: { ...withAgents, agentsSeeAllCases: false },
  });
  const customerId = newId();
  const own = await aKept({ customerId, assigneeId: "ada" });
  const others = await aKept({ customerId, assigneeId: "bo" });

  const filtered = await close({ filter: { customerId: [customerId] } }, agent());
  const named = await close({ caseIds: [others.id] }, agent());

  expect(filtered.rows).toMatchObject([{ caseId: own.id, outcome: "done" }]);
  expect(named.rows).toMatchObject([{ outcome: "refused", code: "NOT_FOUND" }]);
  expect(await statusOf(others.id)).toBe("new");
});

test.each([
  [{}, "caseIds", "required"],
  [{ caseIds: ["a"], filter: {} }, "caseIds", "exclusive"],
  [{ caseIds: [] }, "caseIds", "arrayMin"],
  [{ caseIds: ["a b"] }, "caseIds[0]", "stringPattern"],
  [{ filter: { status: ["asleep"] } }, "filter.status[0]", "enumValue"],
  [{ filter: { $where: "1" } }, "filter.$where", "unknownField"],
])("F126: %j is refused by field", async (asked, path, code) => {
  const { bus } = await start();

  await expect(bus.call("cases.bulkClose", asked as object, supervisor())).rejects.toMatchObject({
    code: 422,
    data: { errors: [expect.objectContaining({ path, code })] },
  });
});

test("F126: a job is its user's and administrators'; to others it is not there", async () => {
  const { bus, aKept, close } = await start();
  const { id } = await close({ caseIds: [(await aKept()).id] });

  for (const action of ["cases.getBulkJob", "cases.listBulkRows", "cases.cancelBulkJob"] as const) {
    await expect(bus.call(action, { id }, agent())).rejects.toMatchObject({ code: 404 });
    await bus.call(action, { id }, administrator);
  }
  const listed = async (who: Who) =>
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
    Array.from({ length: 40 }, () =>
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
