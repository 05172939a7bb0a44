/** For how long a campaign keeps the content of its closed cases (B08). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");

async function start() {
  const bus = await startBus(campaigns);
  const create = async (more: object = {}) =>
    (await bus.call("campaigns.create", { name: newId(), ...more }, administrator)).id;
  const change = (id: string, version: number, retentionDays: number | null) =>
    bus.call("campaigns.change", { id, version, retentionDays }, administrator);
  const daysOf = async (id: string) =>
    (await bus.call("campaigns.retentions", { id })).items.map((one) => one.retentionDays);
  return { bus, create, change, daysOf };
}

test("B08: a campaign keeps cases for ever unless it says otherwise; it may change its mind", async () => {
  const { create, change, daysOf } = await start();
  const id = await create();

  const before = await daysOf(id);
  await change(id, 1, 365);
  const set = await daysOf(id);
  await change(id, 2, null);

  expect([before, set, await daysOf(id)]).toEqual([[], [365], []]);
  const told = (await announced("campaigns", "campaigns.changed")).filter(
    ({ data }) => data.id === id,
  );
  expect(told.map(({ changes }) => changes)).toEqual([
    [{ field: "retentionDays", old: null, new: 365 }],
    [{ field: "retentionDays", old: 365, new: null }],
  ]);
});

test("B08: campaigns that keep cases for a time are told page by page, each once", async () => {
  const { bus, create } = await start();
  await create();
  const ids: string[] = [];
  for (const retentionDays of [30, 7, 30]) ids.push(await create({ retentionDays }));

  const told: { id: string; retentionDays: number }[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { limit: 2, ...(cursor ? { cursor } : {}) };
    const page = await bus.call("campaigns.retentions", asked);
    told.push(...page.items);
    cursor = page.nextCursor;
  }

  const own = told.filter((one) => ids.includes(one.id));
  expect(own.map(({ retentionDays }) => retentionDays)).toEqual([7, 30, 30]);
  expect(own.map(({ id }) => id).sort()).toEqual([...ids].sort());
});
