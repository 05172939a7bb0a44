/** Closing many cases as a job (F112, F126): which, what became of each, and who may. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { start } from "./bulk.samples.ts";
import { administrator, agent, supervisor, told } from "./closing.samples.ts";

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

test.each<[object, string, string]>([
  [{}, "caseIds", "required"],
  [{ caseIds: ["a"], filter: {} }, "caseIds", "exclusive"],
  [{ caseIds: [] }, "caseIds", "arrayMin"],
  [{ caseIds: ["a b"] }, "caseIds[0]", "stringPattern"],
  [{ filter: { status: ["asleep"] } }, "filter.status[0]", "enumValue"],
  [{ filter: { $where: "1" } }, "filter.$where", "unknownField"],
])("F126: %j is refused by field", async (asked, path, code) => {
  const { bus } = await start();

  await expect(bus.call("cases.bulkClose", asked, supervisor())).rejects.toMatchObject({
    code: 422,
    data: { errors: [expect.objectContaining({ path, code })] },
  });
});
