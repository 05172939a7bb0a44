/** No list reads the whole collection: every filter, sort and kind of user enters by an index. */
import { expect, test } from "@jest/globals";
import { as, startBus } from "#shared/testing/bus.ts";
import { visibleCases } from "#shared/visibility.ts";
import cases from "./cases.service.ts";
import { filterOf, sorts, type Asked } from "./lists.store.ts";
import { soughtIn } from "./search.rules.ts";
import { cases as table } from "./tables.store.ts";

const filters: Partial<Asked>[] = [
  {},
  { state: "active" },
  { state: "closed" },
  { status: ["new", "open"] },
  { campaignId: ["north", "south"] },
  { customerId: ["ada"] },
  { assigneeId: ["bo"] },
  { unassigned: true },
  { unassigned: false },
  { priority: ["high"] },
  { caseTypeId: ["claim"] },
  { channelId: ["mail"] },
  { createdFrom: new Date(0), createdTo: new Date() },
  { sought: soughtIn("ada 1042") },
  { sought: soughtIn("%") },
];

const scope = { campaignId: "north", channelIds: ["mail"], showOtherCampaigns: false };
const seen = {
  administrator: visibleCases(as("administrator").meta.actor!, []),
  supervisor: visibleCases(as("supervisor").meta.actor!, [
    { ...scope, as: "supervisor", agentsSeeAllCases: false },
  ]),
  agent: visibleCases(as("agent").meta.actor!, [
    { ...scope, as: "agent", agentsSeeAllCases: false },
    { ...scope, campaignId: "south", as: "agent", agentsSeeAllCases: true },
  ]),
};

test.each(Object.keys(sorts) as Asked["sort"][])("B09: sorted by %s", async (sort) => {
  await startBus(cases);

  for (const filter of filters) {
    for (const [role, visible] of Object.entries(seen)) {
      const plan = await planOf({ ...filter, sort, limit: 50 }, visible);
      expect([role, filter, plan]).toEqual([
        role,
        filter,
        expect.not.arrayContaining(["COLLSCAN"]),
      ]);
    }
  }
});

test("F127: a search enters by the words, between the first and the last that it can mean", async () => {
  await startBus(cases);
  const asked: Asked = { sought: soughtIn("rout"), sort: "-created", limit: 50 };

  const explained = await table.native().find(filterOf(asked, {})).explain("queryPlanner");

  const bounds = JSON.stringify(explained["queryPlanner"]);
  expect(bounds).toContain(String.raw`[\"rout\", \"rouu\")`);
});

/** The stages of the plan that MongoDB chooses for a list. */
async function planOf(asked: Asked, visible: object): Promise<string[]> {
  const explained = await table
    .native()
    .find(filterOf(asked, visible as never))
    .sort(Object.fromEntries(sorts[asked.sort]))
    .limit(asked.limit + 1)
    .explain("queryPlanner");
  const plan = JSON.stringify((explained["queryPlanner"] as { winningPlan: unknown }).winningPlan);
  return [...plan.matchAll(/"stage":"(\w+)"/g)].map(([, stage]) => String(stage));
}
