/** Cases that an import brings: each row's once, and those that it closes. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { administrator, start, supervisor } from "./closing.samples.ts";
import { cases as table } from "./tables.store.ts";

async function startImporting(options: object = {}) {
  const office = await start({ options });
  const importId = newId();
  const take = (items: object[], who = supervisor()) =>
    office.bus.call(
      "cases.importCases",
      { importId, campaignId: "support", priority: "low", items: items as never },
      who,
    );
  const get = (id = "") => office.bus.call("cases.get", { id }, administrator);
  return { ...office, importId, take, get };
}

const aRow = (row: number, more: object = {}) => ({
  ...{ row, customerId: newId(), description: "accounts.xlsx" },
  ...more,
});

test("F069, F217, P6: each row has one case, however often and however many at once ask for it", async () => {
  const { take, get } = await startImporting();
  const rows = [aRow(2), aRow(3, { assigneeId: "ada", subject: "Renewal" })];

  const [first, second] = await Promise.all([take(rows), take(rows)]);
  const later = await take([...rows, aRow(4)]);

  expect(second).toEqual(first);
  expect(later.slice(0, 2)).toEqual(first);
  expect(new Set(later.map(({ number }) => number)).size).toBe(3);
  expect(await get(first[1]?.caseId)).toMatchObject({
    ...{ status: "new", priority: "low", subject: "Renewal", assigneeId: "ada" },
    ...{ campaignId: "support", createdBy: "rosa" },
  });
  expect((await get(first[0]?.caseId)).assigneeId).toBeUndefined();
  for (const { row, customerId } of rows) {
    expect([row, await table.native().countDocuments({ customerId })]).toEqual([row, 1]);
  }
  const told = await announced("cases", "cases.created");
  const ours = told.filter(({ data }) => data.id === first[0]?.caseId);
  expect(ours).toMatchObject([{ data: { cause: "import" }, actor: { id: "rosa" } }]);
});

test("D25: a row whose customer is not there any more gets no case, the others do", async () => {
  const { take } = await startImporting();

  const taken = await take([aRow(2, { customerId: "nobody" }), aRow(3)]);

  expect(taken).toMatchObject([
    { row: 2, refusal: { status: 404, code: "NOT_FOUND" } },
    { row: 3, number: expect.any(Number) },
  ]);
});

test("F113, D15: counted are the open cases that were there, and of them those that can be closed", async () => {
  const createdAt = new Date("2020-01-01T10:00:00Z");
  const until = new Date("2020-01-02T10:00:00Z");
  const count = async (options: object) => {
    const { bus, aKept, campaigns } = await startImporting(options);
    const id = newId();
    campaigns.push({ ...campaigns[0]!, id });
    await aKept({ createdAt, campaignId: id });
    await aKept({ createdAt, campaignId: id, status: "open", activityCount: 1 });
    await aKept({ createdAt, campaignId: id, status: "closed" });
    await aKept({ createdAt: new Date("2020-01-03T10:00:00Z"), campaignId: id });
    return bus.call("cases.countClosable", { campaignId: id, until }, supervisor());
  };

  expect(await count({ allowCloseWithoutActivity: true })).toEqual({ count: 2 });
  expect(await count({ allowCloseWithoutActivity: false })).toEqual({ count: 1 });
});
