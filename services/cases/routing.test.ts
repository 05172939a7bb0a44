/** Cases that wait in a queue find their agents (G06, G07, F019, F205-F207, D14). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { as } from "#shared/testing/bus.ts";
import { takenIn } from "#shared/testing/events.ts";
import { until } from "#shared/testing/until.ts";
import { aCase, keep } from "./a-case.ts";
import { asCampaign } from "./agents.rules.ts";
import { routeSome } from "./routing.ts";
import { administrator, anOffice, chat, phone } from "./routing.samples.ts";

const agentsOn = (ids: readonly string[], ...channelIds: string[]) =>
  ids.map((userId) => ({ userId, channelIds }));
const newIds = (count: number) => Array.from({ length: count }, newId);

const filing = (campaignId: string) => ({
  ...{ interactionId: newId(), customerId: newId(), campaignId, channelId: chat },
  ...{ preview: "Hello", at: new Date() },
});

test("F205, G07: a message's case goes to an available agent of its channel, who alone sees it", async () => {
  const [ada, bo, cy] = newIds(3) as [string, string, string];
  const agents = [...agentsOn([ada, bo], chat), ...agentsOn([cy], phone)];
  const { campaign, start } = anOffice({ agents });
  const { bus, turn, handovers, holderOf } = await start();
  await turn(ada, "available");
  await turn(bo, "paused");
  await turn(cy, "available");

  const [filed] = await bus.call("cases.file", { filings: [filing(campaign.id)] });
  const id = String(filed?.caseId);
  await until(() => holderOf(id));

  expect(await handovers(id)).toEqual([["route", ada]]);
  const read = (who: string) => bus.call("cases.get", { id }, as("agent", { id: who }));
  expect(await read(ada)).toMatchObject({ assigneeId: ada, status: "new", version: 2 });
  await expect(read(bo)).rejects.toMatchObject({ code: 404 });
});

test("G07, D14: who becomes available gets what waits, priority first and then the oldest", async () => {
  const [ada] = newIds(1) as [string];
  const { campaign, start } = anOffice({
    agents: agentsOn([ada], chat),
    options: { capacity: 2 },
  });
  const { bus, turn, holderOf } = await start();
  const waiting = { campaignId: campaign.id, channelId: chat };
  const [, , high, oldest] = await keep(
    aCase({ ...waiting, priority: "low", createdAt: new Date("2026-01-01") }),
    aCase({ ...waiting, createdAt: new Date("2026-03-02") }),
    aCase({ ...waiting, priority: "high", createdAt: new Date("2026-03-03") }),
    aCase({ ...waiting, createdAt: new Date("2026-03-01") }),
    aCase({ ...waiting, status: "closed", priority: "high" }),
  );

  await turn(ada, "available");
  await until(() => holderOf(oldest!.id));

  const { items } = await bus.call("cases.listPending", {}, as("agent", { id: ada }));
  expect(items.map(({ id }) => id)).toEqual([high!.id, oldest!.id]);
  const queue = await bus.call("cases.queue", { id: campaign.id }, administrator);
  expect(queue).toMatchObject({ count: 2, oldestAt: new Date("2026-01-01") });
});

test("G07: without queue assignment cases wait to be taken; switched on, they are given", async () => {
  const [ada] = newIds(1) as [string];
  const { campaign, start } = anOffice({
    agents: agentsOn([ada], chat),
    options: { queueAssignment: false },
  });
  const { bus, turn, change, holderOf } = await start();
  const [kept] = await keep(aCase({ campaignId: campaign.id, channelId: chat }));
  await turn(ada, "available");
  await takenIn("cases", "identity.agentStateChanged");
  const queue = { campaign: asCampaign(undefined, campaign), channelIds: [chat] };

  const off = await routeSome(bus, queue);
  await change({ options: { ...campaign.options, queueAssignment: true } });
  await until(() => holderOf(kept!.id));

  expect(off.assigned).toBe(0);
});

test("F019, F206: a case goes to the customer's assigned user, or else to the first available", async () => {
  const [owner, other] = newIds(2) as [string, string];
  const [customerId, another] = newIds(2) as [string, string];
  const { campaign, start } = anOffice({
    agents: agentsOn([owner, other], chat),
    owners: { [customerId]: owner, [another]: owner },
    routingStrategy: "mostRecentlyAvailable",
  });
  const { turn, handovers, holderOf } = await start();
  await turn(owner, "available", new Date(1_000));
  await turn(other, "available", new Date(2_000));
  await takenIn("cases", "identity.agentStateChanged");
  const waiting = { campaignId: campaign.id, channelId: chat };

  const [first] = await keep(aCase({ ...waiting, customerId }));
  await until(() => holderOf(first!.id));
  await turn(owner, "paused");
  await takenIn("cases", "identity.agentStateChanged");
  const [second] = await keep(aCase({ ...waiting, customerId: another }));
  await until(() => holderOf(second!.id));

  expect(await handovers(first!.id)).toEqual([["owner", owner]]);
  expect(await handovers(second!.id)).toEqual([["route", other]]);
});

test("F206: without the fallback a case waits for the assigned user, and holds up nobody else's", async () => {
  const [owner, other] = newIds(2) as [string, string];
  const customerId = newId();
  const { campaign, start } = anOffice({
    agents: agentsOn([owner, other], chat),
    owners: { [customerId]: owner },
    options: { fallbackToFirstAvailable: false },
  });
  const { turn, handovers, holderOf } = await start();
  const waiting = { campaignId: campaign.id, channelId: chat };
  const owned = Array.from({ length: 120 }, () =>
    aCase({ ...waiting, customerId, priority: "high" }),
  );
  await keep(...owned);
  const [free] = await keep(aCase({ ...waiting, priority: "low" }));

  await turn(other, "available");
  await until(() => holderOf(free!.id));
  expect(await holderOf(owned[0]!.id)).toBeUndefined();
  await turn(owner, "available");
  await until(() => holderOf(owned[0]!.id));

  expect(await handovers(free!.id)).toEqual([["route", other]]);
  expect(await handovers(owned[0]!.id)).toEqual([["owner", owner]]);
});

test("F207: a busy agent gets a call where the campaign allows it, and nothing else", async () => {
  const [ada] = newIds(1) as [string];
  const { campaign, start } = anOffice({
    agents: agentsOn([ada], chat, phone),
    options: { allowCallsWhileBusy: true },
  });
  const { turn, holderOf } = await start();
  const [message, call] = await keep(
    aCase({ campaignId: campaign.id, channelId: chat, priority: "high" }),
    aCase({ campaignId: campaign.id, channelId: phone }),
  );

  await turn(ada, "busy");
  await until(() => holderOf(call!.id));

  expect(await holderOf(message!.id)).toBeUndefined();
});

test("G07: each of many cases is given once, by two replicas at once", async () => {
  const ids = newIds(20);
  const { campaign, start } = anOffice({
    agents: agentsOn(ids, chat),
    routingStrategy: "leastOccupied",
  });
  const { turn, handovers, holderOf } = await start();
  await start();
  for (const id of ids) await turn(id, "available");
  const kept = await keep(
    ...Array.from({ length: 300 }, () => aCase({ campaignId: campaign.id, channelId: chat })),
  );

  const holders = await Promise.all(kept.map(({ id }) => until(() => holderOf(id))));

  const loads = ids.map((id) => holders.filter((holder) => holder === id).length);
  expect(new Set(loads)).toEqual(new Set([15]));
  for (const { id } of kept.slice(0, 20)) expect(await handovers(id)).toHaveLength(1);
});

test("F208: agents of a linked campaign get its calls, see only those, and give them back when the link ends", async () => {
  const [guest] = newIds(1) as [string];
  const { campaign, linked, start } = anOffice({ linkedAgents: agentsOn([guest]) });
  const { bus, turn, change, holderOf, handovers } = await start();
  await change({}, linked);
  const waiting = { campaignId: campaign.id };
  const [written, call, other] = await keep(
    aCase({ ...waiting, channelId: chat, priority: "high" }),
    aCase({ ...waiting, channelId: phone }),
    aCase({ ...waiting, priority: "high" }),
  );

  await turn(guest, "available");
  await until(() => holderOf(call!.id));

  const agent = as("agent", { id: guest });
  expect(await bus.call("cases.get", { id: call!.id }, agent)).toMatchObject({ assigneeId: guest });
  for (const { id } of [written!, other!]) {
    expect(await holderOf(id)).toBeUndefined();
    await expect(bus.call("cases.get", { id }, agent)).rejects.toMatchObject({ code: 404 });
  }

  await change({ options: { ...linked.options, linkedCallQueues: [] } }, linked);
  await until(async () => (await holderOf(call!.id)) === undefined);
  expect(await handovers(call!.id)).toEqual([
    ["route", guest],
    ["release", null],
  ]);
});
