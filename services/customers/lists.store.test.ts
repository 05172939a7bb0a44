/** No list of customers reads the whole collection: each filter, sort and search has its index. */
import { expect, test } from "@jest/globals";
import { startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";
import { leadsOf, type Asked } from "./lists-filters.store.ts";
import { filterOf, sorts } from "./lists.store.ts";
import { soughtIn } from "./search-pairs.rules.ts";
import { customers as table } from "./tables.store.ts";

const times = { from: new Date(Date.UTC(2026, 0, 1)), to: new Date(Date.UTC(2026, 1, 1)) };
const filters: Partial<Asked>[] = [
  { sought: soughtIn("garcia") },
  { sought: soughtIn("garcia maria de") },
  { sought: soughtIn("garcia garrido") },
  { sought: soughtIn("600111 maria garcia") },
  { sought: soughtIn("help.desk@nandu") },
  { tag: ["vip"] },
  { tag: ["vip", "late"] },
  { ownerId: "bo" },
  { kind: "company" },
  { disabled: "true" },
  { createdFrom: times.from, createdTo: times.to },
  { updatedFrom: times.from },
  { lastInteractionTo: times.to },
  { sought: soughtIn("garcia"), tag: ["vip"], ownerId: "bo", kind: "company", disabled: "all" },
];

test.each(Object.keys(sorts) as Asked["sort"][])("G18: sorted by %s", async (sort) => {
  await startBus(customers);

  for (const filter of filters) {
    const asked: Asked = { disabled: "false", sort, limit: 50, withinMs: 1_000, ...filter };
    for (const lead of leadsOf(asked)) {
      const plan = await planOf(asked, lead.entry, lead);
      expect([filter, plan.indexes]).toEqual([filter, [lead.entry]]);
      expect(plan.bounded).toBe(true);
    }
    const walk = await planOf(asked, sorts[sort].entry);
    expect([filter, walk.indexes]).toEqual([filter, [sorts[sort].entry]]);
    expect(walk.stages).not.toContain("SORT");
  }
});

test("G18: what leads to customers in the order of the list needs no sorting", async () => {
  await startBus(customers);

  for (const filter of filters) {
    const sort = "-created" as const;
    const asked: Asked = { disabled: "false", sort, limit: 50, withinMs: 1_000, ...filter };
    for (const lead of leadsOf(asked).filter(({ order }) => order === sorts[sort].entry)) {
      const { stages } = await planOf(asked, lead.entry, lead);
      expect([filter, stages]).toEqual([filter, expect.not.arrayContaining(["SORT"])]);
    }
  }
});

test("G18: one word is told by its index alone, between the first and the last it can mean", async () => {
  await startBus(customers);
  const asked = { sought: soughtIn("garcia"), disabled: "false", sort: "-created" } as Asked;
  const [lead] = leadsOf(asked);

  const explained = await table
    .native()
    .find(filterOf(asked, lead), { hint: lead!.entry, projection: { _id: 1 } })
    .sort({ _id: -1 })
    .explain("queryPlanner");

  const plan = JSON.stringify(explained["queryPlanner"]);
  expect(plan).toContain(String.raw`[\"garcia\", \"garcib\")`);
  expect(plan).toContain("PROJECTION_COVERED");
  expect(plan).not.toContain("FETCH");
});

/** The stages and indexes of the plan for a way to a list, and whether the first key is bounded. */
async function planOf(asked: Asked, hint: string, lead?: ReturnType<typeof leadsOf>[number]) {
  const explained = await table
    .native()
    .find(filterOf(asked, lead), { hint })
    .sort(new Map(sorts[asked.sort].keys))
    .limit(asked.limit + 1)
    .explain("queryPlanner");
  const { winningPlan } = explained["queryPlanner"] as { winningPlan: object };
  const plan = JSON.stringify(winningPlan);
  const all = (pattern: RegExp) => [...plan.matchAll(pattern)].map(([, found]) => String(found));
  const first = /"indexBounds":\{"[\w.]+":\[(.*?)\]/.exec(plan)?.[1] ?? "";
  return {
    stages: all(/"stage":"(\w+)"/g),
    indexes: [...new Set(all(/"indexName":"(\w+)"/g))],
    bounded: !/MinKey.*MaxKey|MaxKey.*MinKey/.test(first),
  };
}
