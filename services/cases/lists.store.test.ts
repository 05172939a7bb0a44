/** No list reads the whole collection: every filter, sort and kind of user enters by an index. */
import { expect, test } from "@jest/globals";
import type { Document } from "mongodb";
import { newId } from "#shared/ids.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { visibleCases } from "#shared/visibility.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { closedLine, lineOfAgent, lineOfQueue } from "./lines.rules.ts";
import {
  leadsOf,
  sorts,
  walkOf,
  type ListSight,
  type Placed,
  type Way,
} from "./lists-ways.store.ts";
import { filtersOf } from "./lists-lookups.store.ts";
import { list } from "./lists.store.ts";
import type { PlainSort } from "./lists.rules.ts";
import { soughtIn } from "./search.rules.ts";
import { cases as table } from "./tables.store.ts";

const filters: Partial<Placed>[] = [
  {},
  { state: "active" },
  { state: "closed" },
  { status: ["new", "open"] },
  { assigneeId: ["bo"] },
  { assigneeId: ["bo"], state: "closed", priority: ["low"] },
  { unassigned: true },
  { unassigned: true, assigneeId: ["bo"] },
  { unassigned: false },
  { priority: ["high"] },
  { caseTypeId: ["claim"] },
  { channelId: ["mail"] },
  { flag: true },
  { flag: false },
  { from: "ada@" },
  { subject: "router broken" },
  { nextActionTo: new Date() },
  { createdFrom: new Date(0), createdTo: new Date() },
  { sought: soughtIn("ada 1042") },
  { sought: soughtIn("ada 1042"), match: "number" },
  { sought: soughtIn("ada 1042"), match: "named" },
  { sought: soughtIn("ada 1042"), match: "told" },
  { sought: soughtIn("%") },
];

const scope = { campaignId: "north", channelIds: ["mail"], showOtherCampaigns: false };
const sightOf = (visible: object, more: Partial<ListSight> = {}): ListSight => ({
  ...{ visible: visible as ListSight["visible"], readable: {}, ...more },
});
const seen: Record<string, ListSight> = {
  administrator: sightOf(visibleCases(as("administrator").meta.actor!, [])),
  supervisor: sightOf(
    visibleCases(as("supervisor").meta.actor!, [
      { ...scope, as: "supervisor", agentsSeeAllCases: false },
    ]),
    { campaignIds: ["north"] },
  ),
  agent: sightOf(
    visibleCases(as("agent").meta.actor!, [{ ...scope, as: "agent", agentsSeeAllCases: false }]),
    {
      campaignIds: ["north"],
      lines: [lineOfAgent("me"), lineOfQueue("north", "mail"), closedLine(lineOfAgent("me"))],
    },
  ),
};

test.each(Object.keys(sorts) as PlainSort[])(
  "B09, D13: sorted by %s, each way enters by its index, and a walk sorts nothing",
  async (sort) => {
    await startBus(cases);

    for (const filter of filters) {
      for (const [role, sight] of Object.entries(seen)) {
        const asked: Placed = { ...filter, sort, limit: 50, campaigns: ["north", "south"] };
        const walk = walkOf(asked, sight);
        for (const way of [walk, ...leadsOf(asked, sight, walk)]) {
          const { stages, indexes, bounded } = await planOf(asked, sight, way);
          expect([role, filter, indexes, bounded]).toEqual([role, filter, [way.entry], true]);
          if (way.isWalk)
            expect([filter, stages]).toEqual([filter, expect.not.arrayContaining(["SORT"])]);
        }
      }
    }
  },
);

test("F127: a search enters by the words, between the first and the last that it can mean", async () => {
  await startBus(cases);
  const sought = soughtIn("rout");
  const asked: Placed = { sought, sort: "-created", limit: 50, campaigns: ["north"] };
  const [lead] = leadsOf(asked, {}, walkOf(asked, {}));

  const { plan } = await planOf(asked, sightOf({}), lead!);

  expect(plan).toContain(String.raw`[\"rout\", \"rouu\")`);
  expect(plan).toContain(String.raw`[\"~rout\", \"~rouu\")`);
});

test("G03: a list of more campaigns than MongoDB merges is in order all the same", async () => {
  await startBus(cases);
  const campaigns = Array.from({ length: 45 }, newId);
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
  const kept = campaigns.map((campaignId, place) =>
    aCase({ campaignId, createdAt: at((place * 7) % 45), subject: String((place * 11) % 45) }),
  );
  await keep(...kept);
  const sight = { ...sightOf({}), campaignIds: campaigns };
  const newest = [...kept].sort((a, b) => Number(b.createdAt) - Number(a.createdAt));

  const first = await list({ sort: "-created", limit: 20, count: true }, sight);
  const cursor = first.nextCursor!;
  const second = await list({ sort: "-created", limit: 20, cursor }, sight);

  const ids = [...first.items, ...second.items].map(({ id }) => id);
  expect(ids).toEqual(newest.slice(0, 40).map(({ id }) => id));
  expect([first.total, second.nextCursor]).toEqual([45, expect.any(String)]);
});

/** The stages and indexes of the plan for a way, and whether the index is bounded. */
async function planOf(asked: Placed, sight: ListSight, way: Way) {
  const [filter = {}] = filtersOf(asked, sight.visible, way);
  const explained: Document = await table
    .native()
    .find(filter, { hint: way.entry })
    .sort(new Map(sorts[asked.sort].keys))
    .limit(asked.limit + 1)
    .explain("queryPlanner");
  const { winningPlan } = explained["queryPlanner"] as { winningPlan: object };
  const plan = JSON.stringify(winningPlan);
  const all = (pattern: RegExp) => [...plan.matchAll(pattern)].map(([, found]) => String(found));
  const first = /"indexBounds":\{"[\w.]+":\[(.*?)\]/.exec(plan)?.[1] ?? "";
  return {
    plan,
    stages: all(/"stage":"(\w+)"/g),
    indexes: [...new Set(all(/"indexName":"(\w+)"/g))],
    bounded: !/MinKey.*MaxKey|MaxKey.*MinKey/.test(first),
  };
}
