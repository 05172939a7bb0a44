/** How many cases are behind each filter, for each kind of user (G03, B09). */
import { expect, test } from "@jest/globals";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import { mostCounted } from "#shared/contracts/cases/lists.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const exactly = (count: number) => ({ count, isExact: true });

async function startCases(scope: Partial<CampaignScope> = {}) {
  const campaignId = newId();
  const held: CampaignScope = {
    ...{ campaignId, as: "agent", channelIds: ["mail"] },
    ...{ agentsSeeAllCases: false, showOtherCampaigns: false, ...scope },
  };
  const bus = await startBus(cases, standIn("campaigns", { scopesOf: () => [held] }));
  const put = (...said: Partial<Case>[]) =>
    keep(...said.map((one) => aCase({ campaignId, ...one })));
  return { bus, campaignId, put };
}

const various: Partial<Case>[] = [
  { status: "new", priority: "high", channelId: "mail" },
  { status: "open", assigneeId: "bo", nextActionAt: new Date(0) },
  { status: "escalated", assigneeId: "bo", flag: { by: "bo", at: new Date() } },
  { status: "open", assigneeId: "cy", flag: { by: "bo", at: new Date() } },
  { status: "new", channelId: "chat" },
  { status: "closed", assigneeId: "bo", nextActionAt: new Date(0) },
];

const statuses = (counts: number[]) =>
  ["new", "open", "transferred", "escalated", "closed"].map((status, place) => ({
    ...{ status, ...exactly(counts[place] ?? 0) },
  }));

test("G03: an administrator's counters of a campaign", async () => {
  const { bus, campaignId, put } = await startCases();
  await put(...various);

  const counters = await bus.call(
    "cases.counters",
    { campaignId: [campaignId] },
    as("administrator", { id: "cy" }),
  );

  expect(counters).toEqual({
    byState: { active: exactly(5), closed: exactly(1) },
    byStatus: statuses([2, 2, 0, 1, 1]),
    byPriority: [
      { priority: "high", ...exactly(1) },
      { priority: "medium", ...exactly(4) },
      { priority: "low", ...exactly(0) },
    ],
    mine: exactly(1),
    unassigned: exactly(2),
    flagged: exactly(2),
    due: exactly(1),
  });
});

test("G03, G04: an agent's counters are of what the agent sees; with an option, of all", async () => {
  const { bus, campaignId, put } = await startCases();
  await put(...various);
  const bo = as("agent", { id: "bo" });

  const own = await bus.call("cases.counters", {}, bo);
  const foreign = await bus.call("cases.counters", { campaignId: [newId()] }, bo);

  expect(own).toMatchObject({
    byState: { active: exactly(3), closed: exactly(1) },
    byStatus: statuses([1, 1, 0, 1, 1]),
    mine: exactly(2),
    unassigned: exactly(1),
    flagged: exactly(1),
    due: exactly(1),
  });
  expect(foreign.byState).toEqual({ active: exactly(0), closed: exactly(0) });
  expect(campaignId).toEqual(expect.any(String));
});

test("G04: an agent who sees the whole campaign counts the whole campaign", async () => {
  const { bus, put } = await startCases({ agentsSeeAllCases: true });
  await put(...various);

  const counters = await bus.call("cases.counters", {}, as("agent", { id: "bo" }));

  expect(counters.byState).toEqual({ active: exactly(5), closed: exactly(1) });
  expect([counters.mine, counters.unassigned]).toEqual([exactly(2), exactly(2)]);
});

test("G03: of more than a badge shows it is only told that there are more", async () => {
  const { bus, campaignId, put } = await startCases();
  await put(...Array.from({ length: mostCounted + 1 }, () => ({ status: "open" as const })));

  const counters = await bus.call(
    "cases.counters",
    { campaignId: [campaignId] },
    as("administrator"),
  );

  expect(counters.byState.active).toEqual({ count: mostCounted, isExact: false });
  expect(counters.unassigned).toEqual({ count: mostCounted, isExact: false });
  expect(counters.byState.closed).toEqual(exactly(0));
});

test("G03: what counters cannot be asked is refused by its name", async () => {
  const { bus } = await startCases();
  const administrator = as("administrator");

  for (const asked of [{ campaignId: [{ $ne: 1 }] }, { colour: "red" }] as object[]) {
    await expect(bus.call("cases.counters", asked, administrator)).rejects.toMatchObject({
      code: 422,
    });
  }
  await expect(bus.call("cases.counters", {})).rejects.toMatchObject({ code: 401 });
});
