/** Channels set up on a real database: made, changed and told of. */
import { expect, test } from "@jest/globals";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import { notFound, unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import channels from "./channels.service.ts";

const administrator = as("administrator");
const sales = newId();
const support = newId();
const full = newId();

/** Starts channels beside two campaigns, sales and support, and one that has no room. */
async function start({
  scopes = [],
  away = false,
}: { scopes?: CampaignScope[]; away?: boolean } = {}) {
  const joined: { id: string; channelId: string }[] = [];
  const campaigns = standIn("campaigns", {
    describe: ({ params: { id } }) => {
      if (![sales, support, full].includes(id)) throw notFound("campaign", id);
      return aCampaign(id, { channelIds: Array.from({ length: id === full ? 200 : 0 }, newId) });
    },
    addChannel: ({ params }) => {
      if (away) throw unavailable("away");
      joined.push(params);
    },
    scopesOf: () => scopes,
  });
  return { bus: await startBus(channels, campaigns), joined };
}

type Bus = Awaited<ReturnType<typeof start>>["bus"];
const aChannel = (bus: Bus, more: object = {}) =>
  bus.call(
    "channels.create",
    { name: `Mail ${newId()}`, type: "email", direction: "both", campaignId: sales, ...more },
    administrator,
  );
const refusedAt = (path: string) => ({
  code: 422,
  type: "VALIDATION_ERROR",
  data: { errors: [{ path }] },
});

test("D22: the types of channels are listed with what they can do", async () => {
  const { bus } = await start();

  const { items } = await bus.call("channels.listTypes", {}, as("agent"));

  expect(items.map(({ type }) => type)).toEqual([
    "email",
    "sms",
    "whatsapp",
    "webchat",
    "social",
    "telephony",
    "custom",
  ]);
});

test("F197: a new channel joins its campaign and is announced", async () => {
  const { bus, joined } = await start();
  const given = { address: "help@example.com", defaultCountry: "CO" };

  const channel = await aChannel(bus, given);

  expect(channel).toMatchObject({
    ...given,
    type: "email",
    direction: "both",
    campaignId: sales,
    enabled: true,
    version: 1,
    createdBy: administrator.meta.actor?.id,
  });
  expect(joined).toEqual([{ id: sales, channelId: channel.id }]);
  const events = await announced("channels", "channels.created");
  expect(events.find(({ data }) => data.id === channel.id)).toMatchObject({
    aggregate: { kind: "channel", version: 1 },
    data: { campaignId: sales },
    changes: expect.arrayContaining([
      { field: "address", old: null, new: "help@example.com" },
    ]) as unknown,
  });
});

test("F197: a channel is made even when its campaign can only be told later", async () => {
  const { bus } = await start({ away: true });

  const channel = await aChannel(bus);

  expect(await bus.call("channels.get", { id: channel.id }, administrator)).toEqual(channel);
});

test("F197: a channel needs a campaign that exists and has room", async () => {
  const { bus } = await start();

  await expect(aChannel(bus, { campaignId: "none" })).rejects.toMatchObject(
    refusedAt("campaignId"),
  );
  await expect(aChannel(bus, { campaignId: full })).rejects.toMatchObject({
    code: 409,
    type: "CAMPAIGN_FULL",
  });
});

test("D22: an unknown type or direction is refused by name", async () => {
  const { bus } = await start();

  await expect(aChannel(bus, { type: "pigeon" })).rejects.toMatchObject(refusedAt("type"));
  await expect(aChannel(bus, { direction: "up" })).rejects.toMatchObject(refusedAt("direction"));
});

test("F197: a campaign's channels have different names, accents and case aside", async () => {
  const { bus } = await start();
  const name = `Atención ${newId()}`;
  const { id } = await aChannel(bus, { name });
  const other = await aChannel(bus);
  const taken = { code: 409, type: "CHANNEL_EXISTS", data: { existingId: id } };
  const twin = name.toUpperCase().replace("Ó", "O");

  await expect(aChannel(bus, { name: twin })).rejects.toMatchObject(taken);
  await expect(
    bus.call("channels.change", { id: other.id, version: 1, name: twin }, administrator),
  ).rejects.toMatchObject(taken);
  expect(await aChannel(bus, { name, campaignId: support })).toMatchObject({ name });
});

test("B01: the same command creates one channel and answers the same", async () => {
  const { bus } = await start();
  const command = { meta: { ...administrator.meta, commandId: newId() } };
  const params = {
    name: newId(),
    type: "sms" as const,
    direction: "both" as const,
    campaignId: sales,
  };

  const first = await bus.call("channels.create", params, command);
  const again = await bus.call("channels.create", params, command);

  expect(again).toEqual(first);
});

test("F197: a changed channel is told of with old and new", async () => {
  const { bus } = await start();
  const { id } = await aChannel(bus, { address: "help@example.com" });

  const changed = await bus.call(
    "channels.change",
    { id, version: 1, enabled: false, address: null, campaignId: sales },
    administrator,
  );

  expect(changed).toMatchObject({ enabled: false, address: null, version: 2 });
  const events = await announced("channels", "channels.changed");
  expect(events.find(({ data }) => data.id === id)).toMatchObject({
    aggregate: { version: 2 },
    data: { campaignId: sales, enabled: false },
    changes: [
      { field: "enabled", old: true, new: false },
      { field: "address", old: "help@example.com", new: null },
    ],
  });
});

test("F197: a change that changes nothing leaves the version as it is", async () => {
  const { bus } = await start();
  const { id, name } = await aChannel(bus);

  const same = await bus.call("channels.change", { id, version: 1, name }, administrator);

  expect(same.version).toBe(1);
});

test("F071: a channel stays in its campaign", async () => {
  const { bus } = await start();
  const { id } = await aChannel(bus);

  const moved = bus.call("channels.change", { id, version: 1, campaignId: support }, administrator);

  await expect(moved).rejects.toMatchObject(refusedAt("campaignId"));
});

test("F197: a change by a version that is no longer the latest is refused", async () => {
  const { bus } = await start();
  const { id } = await aChannel(bus);
  await bus.call("channels.change", { id, version: 1, enabled: false }, administrator);

  const late = bus.call("channels.change", { id, version: 1, enabled: true }, administrator);

  await expect(late).rejects.toMatchObject({ code: 412, type: "STALE_VERSION" });
});
