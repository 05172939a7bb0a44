/** The dashboard of a customer (F055-F058): what cases and channels count, put together. */
import { expect, test } from "@jest/globals";
import type { Answer } from "#shared/bus.ts";
import { statuses } from "#shared/contracts/cases/status.ts";
import { newId } from "#shared/ids.ts";
import { unavailable } from "#shared/errors.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

const agent = as("agent");
const at = (day: number): Date => new Date(Date.UTC(2026, 2, day));

const countedCases = (more: Partial<Answer<"cases.countsOf">> = {}): Answer<"cases.countsOf"> => ({
  byStatus: statuses.map((status) => ({ status, count: status === "new" ? 3 : 0 })),
  byCampaign: [{ campaignId: "north", count: 3 }],
  isComplete: true,
  ...more,
});

type ChannelCount = Answer<"channels.countsOf">["byChannel"][0];

const aChannel = (channelId: string, more: Partial<ChannelCount>): ChannelCount => ({
  channelId,
  channelName: channelId.toUpperCase(),
  type: "email",
  inbound: 0,
  outbound: 0,
  lastAt: at(1),
  ...more,
});

const countedInteractions = (
  byChannel: ChannelCount[] = [],
  more: Partial<Answer<"channels.countsOf">> = {},
): Answer<"channels.countsOf"> => ({
  byCampaign: [{ campaignId: "north", count: 7 }],
  byChannel,
  isComplete: true,
  ...more,
});

/** Ada's dashboard beside neighbours that count as told, or are away. */
async function start({
  cases = countedCases(),
  interactions = countedInteractions(),
}: {
  cases?: Answer<"cases.countsOf"> | "away";
  interactions?: Answer<"channels.countsOf"> | "away";
} = {}) {
  const asked: unknown[] = [];
  const counting = <T>(counted: T | "away") => ({
    countsOf({ params }: { params: object }): T {
      asked.push(params);
      if (counted === "away") throw unavailable("away");
      return counted;
    },
  });
  const names = new Map([["north", "North"]]);
  const bus = await startBus(
    customers,
    standIn("cases", counting(cases)),
    standIn("channels", counting(interactions)),
    standIn("campaigns", {
      namesOf: ({ params: { ids } }) =>
        ids.flatMap((id) => (names.has(id) ? [{ id, name: String(names.get(id)) }] : [])),
    }),
  );
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);
  const dashboard = (filters: object = {}) =>
    bus.call("customers.dashboard", { id, ...filters }, agent);

  return { bus, id, asked, dashboard };
}

test("F055, F056: cases by status, cases and interactions by campaign with their names", async () => {
  const { dashboard } = await start({
    interactions: countedInteractions([], {
      byCampaign: [
        { campaignId: "south", count: 2 },
        { campaignId: "north", count: 1 },
      ],
    }),
  });

  const shown = await dashboard();

  expect(shown.casesByStatus).toContainEqual({ status: "new", count: 3 });
  expect(shown.casesByStatus).toHaveLength(5);
  expect(shown.casesByCampaign).toEqual([
    { campaignId: "north", campaignName: "North", cases: 3, interactions: 1 },
    { campaignId: "south", cases: 0, interactions: 2 },
  ]);
  expect(shown).toMatchObject({ isComplete: true, unavailable: [] });
});

test("F057: the preferred channel has most inbound interactions, of several the latest", async () => {
  const { dashboard } = await start({
    interactions: countedInteractions([
      aChannel("sms", { inbound: 1, outbound: 9, lastInboundAt: at(9), lastSuccessAt: at(9) }),
      aChannel("mail", { inbound: 2, lastInboundAt: at(3), lastSuccessAt: at(3) }),
      aChannel("chat", { inbound: 2, lastInboundAt: at(4), lastSuccessAt: at(4) }),
    ]),
  });

  const { channels, preferredChannel, lastSuccessfulChannel } = await dashboard();

  expect(channels?.map((one) => [one.channelName, one.interactions, one.inbound])).toEqual([
    ["SMS", 10, 1],
    ["MAIL", 2, 2],
    ["CHAT", 2, 2],
  ]);
  expect(preferredChannel).toEqual({ channelId: "chat", channelName: "CHAT", type: "email" });
  expect(lastSuccessfulChannel).toMatchObject({ channelId: "sms", at: at(9) });
});

test("F057: without an inbound interaction no channel is preferred, without an answer none worked", async () => {
  const { dashboard } = await start({
    interactions: countedInteractions([aChannel("sms", { outbound: 2 })]),
  });

  const shown = await dashboard();

  expect(shown.channels).toHaveLength(1);
  expect(shown).not.toHaveProperty("preferredChannel");
  expect(shown).not.toHaveProperty("lastSuccessfulChannel");
});

test("F058: range and campaign are asked of both", async () => {
  const { asked, id, dashboard } = await start();

  await dashboard({
    from: "2026-03-01T00:00:00Z",
    to: "2026-03-01T00:00:00Z",
    campaignId: "north",
  });

  const filters = { customerId: id, from: at(1), to: at(1), campaignId: "north" };
  expect(asked).toEqual([filters, filters]);
});

test("F058: a range that ends before it begins is refused", async () => {
  const { dashboard } = await start();

  await expect(
    dashboard({ from: "2026-03-02T00:00:00Z", to: "2026-03-01T00:00:00Z" }),
  ).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "to", code: "range" }] } });
});

test("P12: while channels are away the dashboard says so, and shows the cases", async () => {
  const { dashboard } = await start({ interactions: "away" });

  const shown = await dashboard();

  expect(shown.unavailable).toEqual(["interactions"]);
  expect(shown.casesByCampaign).toEqual([{ campaignId: "north", campaignName: "North", cases: 3 }]);
  expect(shown).not.toHaveProperty("channels");
});

test("P12: while cases are away the dashboard says so, and shows the channels", async () => {
  const { dashboard } = await start({ cases: "away" });

  const shown = await dashboard();

  expect(shown.unavailable).toEqual(["cases"]);
  expect(shown.casesByCampaign).toEqual([
    { campaignId: "north", campaignName: "North", interactions: 7 },
  ]);
  expect(shown).not.toHaveProperty("casesByStatus");
  expect(shown.channels).toEqual([]);
});

test("P12: alone, customers show a dashboard in which everything is unavailable", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);

  expect(await bus.call("customers.dashboard", { id }, agent)).toEqual({
    casesByCampaign: [],
    isComplete: true,
    unavailable: ["cases", "interactions"],
  });
});

test("F055: where not everything was counted the dashboard says so", async () => {
  const { dashboard } = await start({ cases: countedCases({ isComplete: false }) });

  expect(await dashboard()).toMatchObject({ isComplete: false });
});

test("F055: there is no dashboard of a customer who is not there", async () => {
  const { bus } = await start();

  await expect(bus.call("customers.dashboard", { id: newId() }, agent)).rejects.toMatchObject({
    code: 404,
    data: { what: "customer" },
  });
});
