/** The interactions of one customer over all cases: listed (F144), counted (F056, F057). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { agent, day, start } from "./of-customer.samples.ts";

test("F144: a customer's interactions over all cases come newest first, each with its case's number", async () => {
  const { bus, customerId: id, aReadableCase, keep } = await start();
  const [one, other] = [aReadableCase(), aReadableCase()];
  const kept = await keep(
    { caseId: one.id, at: day(1) },
    { caseId: other.id, at: day(3) },
    { caseId: one.id, at: day(2) },
  );

  const page = await bus.call("channels.listOfCustomer", { id }, agent);

  expect(page.items.map((item) => [item.id, item.caseNumber])).toEqual([
    [kept[1]!.id, other.number],
    [kept[2]!.id, one.number],
    [kept[0]!.id, one.number],
  ]);
  expect(page.nextCursor).toBeNull();
});

test("B09, F125: of cases that may not be read nothing is listed, and the page is filled all the same", async () => {
  const { bus, customerId: id, aReadableCase, keep } = await start();
  const readable = aReadableCase();
  const days = Array.from({ length: 28 }, (_, index) => index + 1);
  await keep(...days.map((of) => ({ at: day(of), caseId: of % 7 === 0 ? readable.id : newId() })));

  const first = await bus.call("channels.listOfCustomer", { id, limit: 3 }, agent);
  const cursor = String(first.nextCursor);
  const second = await bus.call("channels.listOfCustomer", { id, limit: 3, cursor }, agent);

  expect(first.items.map(({ at }) => at)).toEqual([day(28), day(21), day(14)]);
  expect(second.items.map(({ at }) => at)).toEqual([day(7)]);
  expect(second.nextCursor).toBeNull();
});

test("F144: where hardly anything may be read a page ends early and its cursor goes on", async () => {
  const { bus, world, customerId: id, aReadableCase, keep } = await start();
  const readable = aReadableCase();
  await keep({ at: day(1), caseId: readable.id });
  await keep(...Array.from({ length: 1_300 }, () => ({ at: day(2) })));

  const first = await bus.call("channels.listOfCustomer", { id, limit: 10 }, agent);
  const asked = world.asked.length;
  const cursor = String(first.nextCursor);
  const second = await bus.call("channels.listOfCustomer", { id, limit: 10, cursor }, agent);

  expect(first.items).toEqual([]);
  expect(asked).toBeLessThan(8);
  expect(second.items.map(({ caseNumber }) => caseNumber)).toEqual([readable.number]);
});

test("F144: of a customer without interactions the list is empty, of none it is 404", async () => {
  const { bus, customerId } = await start();

  expect(await bus.call("channels.listOfCustomer", { id: customerId }, agent)).toEqual({
    items: [],
    nextCursor: null,
  });
  await expect(bus.call("channels.listOfCustomer", { id: "nobody" }, agent)).rejects.toMatchObject({
    code: 404,
    data: { what: "customer" },
  });
  await expect(
    bus.call("channels.listOfCustomer", { id: customerId, cursor: "none" }, agent),
  ).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "cursor" }] } });
});

test("P12: where the cases cannot be asked, nothing is shown", async () => {
  const { bus, world, customerId, aReadableCase, keep } = await start();
  await keep({ at: day(1), caseId: aReadableCase().id });
  world.casesAreAway = true;

  await expect(
    bus.call("channels.listOfCustomer", { id: customerId }, agent),
  ).rejects.toMatchObject({ code: 503, type: "UNAVAILABLE" });
});

test("F056, F057: interactions are counted by their case's campaign and by channel, most first", async () => {
  const { bus, customerId, aReadableCase, aChannel, keep } = await start();
  const [north, south] = [aReadableCase("north"), aReadableCase("south")];
  const [chat, mail] = [await aChannel("Chat"), await aChannel("Mail")];
  await keep(
    { at: day(1), caseId: north.id, channelId: mail.id },
    { at: day(2), caseId: south.id, channelId: chat.id },
    { at: day(3), caseId: south.id, channelId: mail.id, direction: "outbound" },
    { at: day(4), caseId: newId(), channelId: chat.id },
  );

  const counts = await bus.call("channels.countsOf", { customerId }, agent);

  expect(counts).toEqual({
    byCampaign: [
      { campaignId: "south", count: 2 },
      { campaignId: "north", count: 1 },
    ],
    byChannel: [
      {
        channelId: mail.id,
        channelName: "Mail",
        type: "webchat",
        inbound: 1,
        outbound: 1,
        lastAt: day(3),
        lastInboundAt: day(1),
        lastSuccessAt: day(1),
      },
      {
        channelId: chat.id,
        channelName: "Chat",
        type: "webchat",
        inbound: 1,
        outbound: 0,
        lastAt: day(2),
        lastInboundAt: day(2),
        lastSuccessAt: day(2),
      },
    ],
    isComplete: true,
  });
});

test("F057: an outbound interaction counts as contact that worked once it was read", async () => {
  const { bus, customerId, aReadableCase, keep } = await start();
  const caseId = aReadableCase().id;
  await keep(
    { at: day(1), caseId, channelId: "sms", direction: "outbound", readAt: day(5) },
    { at: day(2), caseId, channelId: "sms", direction: "outbound" },
    { at: day(3), caseId, channelId: "mail", direction: "outbound" },
  );

  const { byChannel } = await bus.call("channels.countsOf", { customerId }, agent);

  expect(byChannel.map(({ channelId, lastSuccessAt }) => [channelId, lastSuccessAt])).toEqual([
    ["sms", day(1)],
    ["mail", undefined],
  ]);
});

test("F058: counts keep to a range of time, both ends included, and to a campaign", async () => {
  const { bus, customerId, aReadableCase, keep } = await start();
  const [north, south] = [aReadableCase("north"), aReadableCase("south")];
  await keep(
    { at: day(1), caseId: north.id },
    { at: day(2), caseId: north.id },
    { at: day(3), caseId: south.id },
  );
  const byCampaign = async (filter: object) =>
    (await bus.call("channels.countsOf", { customerId, ...filter }, agent)).byCampaign;

  expect(await byCampaign({ from: day(2), to: day(3) })).toEqual([
    { campaignId: "north", count: 1 },
    { campaignId: "south", count: 1 },
  ]);
  expect(await byCampaign({ to: day(2) })).toEqual([{ campaignId: "north", count: 2 }]);
  expect(await byCampaign({ campaignId: "south" })).toEqual([{ campaignId: "south", count: 1 }]);
  expect(await byCampaign({ campaignId: "west" })).toEqual([]);
});

test("F056: of a customer with more interactions than anybody has the latest are counted, and it says so", async () => {
  const { bus, customerId, aReadableCase, keep } = await start();
  const caseId = aReadableCase().id;
  await keep({ at: day(1), caseId, channelId: "sms" });
  await keep(...Array.from({ length: 10_001 }, () => ({ at: day(2), caseId })));

  const counts = await bus.call("channels.countsOf", { customerId }, agent);

  expect(counts.isComplete).toBe(false);
  expect(counts.byChannel.map(({ channelId }) => channelId)).toEqual(["chat"]);
});
