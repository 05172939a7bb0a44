/** New channels come into their campaign by their event, too. */
import { expect, test } from "@jest/globals";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { aChannel, describeChannels } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");

/** A campaign, and a way to announce a channel as the channels service does. */
async function start() {
  const bus = await startBus(campaigns, standIn("channels", { describe: describeChannels }));
  await prepare("channels", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("channels", testLogger());
  onTestFinished(() => relay.stop());
  const { id } = await bus.call("campaigns.create", { name: newId() }, administrator);
  const announceChannel = async (channelId: string, campaignId: string) => {
    await write("channels", administrator, (tx) => {
      tx.announce({
        event: "channels.created",
        aggregate: { kind: "channel", id: channelId, version: 1 },
        data: { id: channelId, campaignId },
      });
      return Promise.resolve();
    });
    await takenIn("campaigns", "channels.created");
  };
  const channelIds = async () => (await bus.call("campaigns.describe", { id })).channelIds;
  return { bus, id, announceChannel, channelIds };
}

test("F197: a channel whose campaign could not be told comes in by its event", async () => {
  const { id, announceChannel, channelIds } = await start();
  const channelId = newId();

  await announceChannel(channelId, id);

  expect(await channelIds()).toEqual([channelId]);
  const events = await announced("campaigns", "campaigns.channelsSet");
  expect(events.filter(({ data }) => data.id === id)).toMatchObject([
    {
      aggregate: { version: 2 },
      actor: { id: administrator.meta.actor?.id },
      changes: [{ field: "channelIds", old: [], new: [channelId] }],
    },
  ]);
});

test("F197: the event of a channel that is in, or was taken out since, changes nothing", async () => {
  const { bus, id, announceChannel, channelIds } = await start();
  const [kept, removed] = [aChannel(id).id, aChannel(id).id];
  await bus.call("campaigns.addChannel", { id, channelId: kept }, administrator);
  await bus.call("campaigns.addChannel", { id, channelId: removed }, administrator);
  await bus.call("campaigns.setChannels", { id, items: [kept] }, administrator);

  await announceChannel(kept, id);
  await announceChannel(removed, id);

  expect(await channelIds()).toEqual([kept]);
});

test("F197: the event of a channel whose campaign there is not is left alone", async () => {
  const { announceChannel, channelIds } = await start();

  await announceChannel(newId(), "none");

  expect(await channelIds()).toEqual([]);
});
