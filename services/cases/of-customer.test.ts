/** The cases of one customer: listed (F050-F052), counted (F055, F056), and told of to neighbours. */
import { expect, test } from "@jest/globals";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { countCases } from "./counts.store.ts";

const administrator = as("administrator");
const agent = as("agent");
const bo = { id: "bo", name: "Bo", role: "agent" as const, disabled: false };

/** The cases service beside neighbours that know Bo, every customer but "nobody", and the scopes. */
function startCases({ scopes = [] as CampaignScope[], identityIsAway = false } = {}) {
  return startBus(
    cases,
    standIn("campaigns", { scopesOf: () => scopes }),
    standIn("customers", { identify: unmerged }),
    standIn("identity", {
      namesOf({ params }) {
        if (identityIsAway) throw unavailable("away");
        return params.ids.includes(bo.id) ? [bo] : [];
      },
    }),
  );
}

/** Three cases of a new customer, made on the first three days of March. */
async function threeCases(...said: Partial<Case>[]) {
  const customerId = newId();
  const made = await keep(
    ...[1, 2, 3].map((day, index) =>
      aCase({ customerId, createdAt: new Date(Date.UTC(2026, 2, day)), ...said[index] }),
    ),
  );
  await keep(aCase());
  return { customerId, ids: made.map(({ id }) => id), made };
}

test("F050: a customer's cases come newest first, with number, status, assignee and time", async () => {
  const bus = await startCases();
  const { customerId, ids, made } = await threeCases({ assigneeId: "bo", status: "open" });

  const page = await bus.call("cases.listOfCustomer", { id: customerId }, administrator);

  expect(page.items.map(({ id }) => id)).toEqual(ids.toReversed());
  const { number, createdAt } = made[0]!;
  expect(page.items[2]).toMatchObject({ number, status: "open", assigneeName: "Bo", createdAt });
  expect(page.items[1]).not.toHaveProperty("assigneeName");
});

test("F050: the list goes on by cursor, and counts when asked to", async () => {
  const bus = await startCases();
  const { customerId: id, ids } = await threeCases();

  const first = await bus.call(
    "cases.listOfCustomer",
    { id, limit: 2, count: true },
    administrator,
  );
  const cursor = String(first.nextCursor);
  const second = await bus.call("cases.listOfCustomer", { id, limit: 2, cursor }, administrator);

  expect(first.total).toBe(3);
  expect([...first.items, ...second.items].map((one) => one.id)).toEqual(ids.toReversed());
  expect(second.nextCursor).toBeNull();
  await expect(
    bus.call("cases.listOfCustomer", { id, cursor: "none" }, administrator),
  ).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "cursor" }] } });
});

test("F052: the list is filtered by creation, both ends included, campaign and status", async () => {
  const bus = await startCases();
  const { customerId: id, ids } = await threeCases(
    { campaignId: "north" },
    { campaignId: "north", status: "closed" },
    { campaignId: "south" },
  );
  const idsOf = async (filter: object) => {
    const page = await bus.call("cases.listOfCustomer", { id, ...filter }, administrator);
    return page.items.map((one) => one.id);
  };

  const [first, second] = ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"];
  expect(await idsOf({ createdFrom: first, createdTo: second })).toEqual([ids[1], ids[0]]);
  expect(await idsOf({ createdFrom: second })).toEqual([ids[2], ids[1]]);
  expect(await idsOf({ campaignId: ["north"] })).toEqual([ids[1], ids[0]]);
  expect(await idsOf({ status: ["closed"] })).toEqual([ids[1]]);
});

test("F050: of a customer without cases the list is empty, of none it is 404", async () => {
  const bus = await startCases();

  expect(await bus.call("cases.listOfCustomer", { id: newId() }, administrator)).toEqual({
    items: [],
    nextCursor: null,
  });
  await expect(
    bus.call("cases.listOfCustomer", { id: "nobody" }, administrator),
  ).rejects.toMatchObject({ code: 404, type: "NOT_FOUND", data: { what: "customer" } });
});

test("F050: while identity is away the names of the assignees are missing, nothing else", async () => {
  const bus = await startCases({ identityIsAway: true });
  const { customerId } = await threeCases({ assigneeId: "bo" });

  const { items } = await bus.call("cases.listOfCustomer", { id: customerId }, administrator);

  expect(items).toHaveLength(3);
  expect(items[2]).toMatchObject({ assigneeId: "bo" });
  expect(items[2]).not.toHaveProperty("assigneeName");
});

test.each([
  [true, "reads the customer's cases of other campaigns", 2],
  [false, "does not", 1],
])("F125: with showOtherCampaigns %s an agent %s", async (showOtherCampaigns, _what, expected) => {
  const north = { campaignId: "north", as: "agent" as const, channelIds: [] };
  const scopes = [{ ...north, agentsSeeAllCases: false, showOtherCampaigns }];
  const bus = await startCases({ scopes });
  const { customerId: id } = await threeCases(
    { campaignId: "north", assigneeId: String(agent.meta.actor?.id) },
    { campaignId: "north", assigneeId: "bo" },
    { campaignId: "south", assigneeId: "bo" },
  );

  const page = await bus.call("cases.listOfCustomer", { id, count: true }, agent);
  const counts = await bus.call("cases.countsOf", { customerId: id }, agent);

  expect(page.total).toBe(expected);
  expect(page.items.map(({ campaignId, readOnly }) => [campaignId, readOnly])).toEqual(
    [
      ["south", true],
      ["north", undefined],
    ].slice(-expected),
  );
  expect(counts.byCampaign.map(({ campaignId }) => campaignId)).toEqual(
    ["north", "south"].slice(0, expected),
  );
});

test("F055, F056: a customer's cases are counted by status and campaign, most first", async () => {
  const bus = await startCases();
  const { customerId } = await threeCases(
    { campaignId: "north" },
    { campaignId: "south", status: "closed" },
    { campaignId: "south" },
  );

  const counts = await bus.call("cases.countsOf", { customerId }, administrator);

  expect(counts).toEqual({
    byStatus: [
      { status: "new", count: 2 },
      { status: "open", count: 0 },
      { status: "transferred", count: 0 },
      { status: "escalated", count: 0 },
      { status: "closed", count: 1 },
    ],
    byCampaign: [
      { campaignId: "south", count: 2 },
      { campaignId: "north", count: 1 },
    ],
    isComplete: true,
  });
});

test("F058: counts keep to a range of creation, both ends included, and to a campaign", async () => {
  const bus = await startCases();
  const { customerId } = await threeCases({ campaignId: "north" }, { campaignId: "south" });
  const byCampaign = async (filter: object) =>
    (await bus.call("cases.countsOf", { customerId, ...filter }, administrator)).byCampaign;

  const [first, second] = ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"];
  expect(await byCampaign({ from: first, to: second })).toEqual([
    { campaignId: "north", count: 1 },
    { campaignId: "south", count: 1 },
  ]);
  expect(await byCampaign({ from: second, to: second })).toEqual([
    { campaignId: "south", count: 1 },
  ]);
  expect(await byCampaign({ campaignId: "north" })).toEqual([{ campaignId: "north", count: 1 }]);
  expect(await byCampaign({ campaignId: "west" })).toEqual([]);
});

test("F055: of a customer with more cases than anybody has the newest are counted, and it says so", async () => {
  await startCases();
  const customerId = newId();
  const some = Array.from({ length: 10_002 }, (_, index) =>
    aCase({ customerId, createdAt: new Date(index), status: index === 0 ? "closed" : "new" }),
  );
  await keep(...some);

  const counted = await countCases({ customerId }, {});

  expect(counted.isComplete).toBe(false);
  expect(counted.groups.every(({ status }) => status === "new")).toBe(true);
});

test("B09: neighbours are told of those cases that the user may read, and of no other", async () => {
  const bus = await startCases({
    scopes: [
      {
        campaignId: "north",
        as: "agent",
        channelIds: [],
        agentsSeeAllCases: true,
        showOtherCampaigns: false,
      },
    ],
  });
  const [north, south] = await keep(aCase({ campaignId: "north" }), aCase({ campaignId: "south" }));
  const ids = [south!.id, north!.id, "none"];

  const told = await bus.call("cases.readable", { ids }, agent);

  expect(told).toEqual([{ id: north!.id, number: north!.number, campaignId: "north" }]);
});
