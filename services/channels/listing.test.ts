/** Who sees which channels, and the keys of their connectors. */
import { expect, test } from "@jest/globals";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import channels from "./channels.service.ts";

const administrator = as("administrator");
const missing = { code: 404, type: "NOT_FOUND" };
const scope = (campaignId: string, more: Partial<CampaignScope> = {}): CampaignScope => ({
  campaignId,
  as: "agent",
  channelIds: [],
  agentsSeeAllCases: false,
  showOtherCampaigns: false,
  ...more,
});

/** Three channels, two of them in sales; `scopes` is what the campaigns say of any user. */
async function start() {
  const [sales, support] = [newId(), newId()];
  const scopes: CampaignScope[] = [];
  const asked: unknown[] = [];
  const bus = await startBus(
    channels,
    standIn("campaigns", {
      describe: ({ params: { id } }) => aCampaign(id),
      addChannel: () => undefined,
      scopesOf: () => scopes,
    }),
    standIn("identity", {
      createChannelKey({ params }) {
        asked.push(params);
        return { id: "key-1", key: "secret" };
      },
      listChannelKeys: ({ params: { channelId } }) => [
        { id: "key-1", channelId, createdAt: new Date("2026-01-01"), createdBy: "somebody" },
      ],
      revokeChannelKey: ({ params }) => asked.push(params),
    }),
  );
  const create = (name: string, type: "email" | "sms", campaignId: string) =>
    bus.call("channels.create", { name, type, direction: "both", campaignId }, administrator);
  const texts = await create("texts", "sms", sales);
  const mail = await create("Mail", "email", sales);
  const help = await create("Help", "email", support);
  return { bus, sales, support, texts, mail, help, scopes, asked };
}

const namesOf = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name);

test("F197: channels are listed by name in pages, of one campaign or type", async () => {
  const { bus, sales, support } = await start();

  const first = await bus.call(
    "channels.list",
    { campaignId: sales, limit: 1, count: true },
    administrator,
  );
  const second = await bus.call(
    "channels.list",
    { campaignId: sales, limit: 1, ...(first.nextCursor ? { cursor: first.nextCursor } : {}) },
    administrator,
  );

  expect([namesOf(first), namesOf(second)]).toEqual([["Mail"], ["texts"]]);
  expect(first.total).toBe(2);
  expect(second.nextCursor).toBeNull();
  const mails = await bus.call(
    "channels.list",
    { campaignId: support, type: "email" },
    administrator,
  );
  expect(namesOf(mails)).toEqual(["Help"]);
});

test("G04: users see the channels of their campaigns and those lent to these", async () => {
  const { bus, sales, texts, mail, help, scopes } = await start();
  const agent = as("agent");

  scopes.push(scope(sales));
  expect(namesOf(await bus.call("channels.list", {}, agent))).toEqual(["Mail", "texts"]);
  expect(await bus.call("channels.get", { id: mail.id }, agent)).toEqual(mail);
  await expect(bus.call("channels.get", { id: help.id }, agent)).rejects.toMatchObject(missing);

  scopes.splice(0, 1, scope(newId(), { channelIds: [texts.id] }));
  expect(namesOf(await bus.call("channels.list", {}, agent))).toEqual(["texts"]);
  expect(await bus.call("channels.get", { id: texts.id }, agent)).toEqual(texts);
});

test("G04: whoever has no campaign, or not in this role, sees no channel", async () => {
  const { bus, sales, mail, scopes } = await start();
  const empty = { items: [], nextCursor: null };

  expect(await bus.call("channels.list", {}, as("supervisor"))).toEqual(empty);
  scopes.push(scope(sales));
  expect(await bus.call("channels.list", {}, as("supervisor"))).toEqual(empty);
  await expect(bus.call("channels.get", { id: mail.id }, as("supervisor"))).rejects.toMatchObject(
    missing,
  );
});

test("F197: neighbours are told of the channels that exist", async () => {
  const { bus, mail, help } = await start();

  const told = await bus.call("channels.describe", { ids: [mail.id, "none", help.id] });

  expect(told).toHaveLength(2);
  expect(told).toEqual(expect.arrayContaining([mail, help]));
});

test("D22: a connector's key is made, listed without itself and revoked", async () => {
  const { bus, mail, asked } = await start();
  const { id } = mail;

  expect(await bus.call("channels.createKey", { id }, administrator)).toEqual({
    id: "key-1",
    key: "secret",
  });
  expect(await bus.call("channels.listKeys", { id }, administrator)).toEqual({
    items: [{ id: "key-1", createdAt: new Date("2026-01-01") }],
  });
  await bus.call("channels.revokeKey", { id, keyId: "key-1" }, administrator);

  expect(asked).toEqual([{ channelId: id }, { channelId: id, id: "key-1" }]);
});

test("D22: without the channel nothing of it can be read, changed or keyed", async () => {
  const { bus } = await start();
  const id = "none";

  for (const ask of [
    () => bus.call("channels.get", { id }, administrator),
    () => bus.call("channels.change", { id, version: 1 }, administrator),
    () => bus.call("channels.createKey", { id }, administrator),
    () => bus.call("channels.listKeys", { id }, administrator),
    () => bus.call("channels.revokeKey", { id, keyId: "key-1" }, administrator),
  ]) {
    await expect(ask()).rejects.toMatchObject(missing);
  }
});
