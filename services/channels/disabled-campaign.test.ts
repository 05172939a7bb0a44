/** A disabled campaign takes no messages: what its channels know of it, and from where (G05). */
import { expect, test } from "@jest/globals";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import channels from "./channels.service.ts";
import { aMessage, start } from "./receiving.samples.ts";

const administrator = as("administrator");

/** A channel that takes messages, and a way to announce its campaign as campaigns does. */
async function startAnnounced() {
  const started = await start("email");
  await prepare("campaigns", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("campaigns", testLogger());
  onTestFinished(() => relay.stop());
  const { id, campaignId } = started.channel;
  let version = 1;
  const announce = async (
    event: "campaigns.changed" | "campaigns.channelsSet",
    enabled: boolean,
  ) => {
    version += 1;
    const aggregate = { kind: "campaign", id: campaignId, version };
    await write("campaigns", administrator, (tx) => {
      const data = { id: campaignId, enabled };
      if (event === "campaigns.changed") tx.announce({ event, aggregate, data });
      else tx.announce({ event, aggregate, data: { ...data, channelIds: [id] } });
      return Promise.resolve();
    });
    await takenIn("channels", event);
  };
  const outcome = async () => {
    try {
      return (await started.receive(aMessage())).state;
    } catch (error) {
      return (error as { type: string }).type;
    }
  };
  return { ...started, announce, outcome };
}

test.each(["campaigns.changed", "campaigns.channelsSet"] as const)(
  "G05: by %s the channels of a disabled campaign take no messages, until it is enabled again",
  async (event) => {
    const { announce, outcome } = await startAnnounced();
    expect(await outcome()).toBe("filed");

    await announce(event, false);
    await until(async () => (await outcome()) === "CHANNEL_NOT_RECEIVING");

    await announce(event, true);
    await until(async () => (await outcome()) === "filed");
  },
);

test("G05: channels of other campaigns are not concerned", async () => {
  const { announce, make, receive, outcome } = await startAnnounced();
  const other = await make();

  await announce("campaigns.changed", false);
  await until(async () => (await outcome()) === "CHANNEL_NOT_RECEIVING");

  expect(await receive(aMessage(), undefined, other.id)).toMatchObject({ state: "filed" });
});

test("G05: a channel that is made in a disabled campaign takes none, in an archived one it is not made", async () => {
  let archived = false;
  const campaigns = standIn("campaigns", {
    describe: ({ params: { id } }) => ({ ...aCampaign(id), enabled: false, archived }),
    addChannel: () => undefined,
  });
  const bus = await startBus(channels, campaigns);
  const draft = { type: "email", direction: "both", campaignId: newId() } as const;
  const make = () => bus.call("channels.create", { name: newId(), ...draft }, administrator);
  const { id } = await make();

  const posted = bus.call("channels.receive", { id, ...aMessage() });
  await expect(posted).rejects.toMatchObject({
    code: 409,
    type: "CHANNEL_NOT_RECEIVING",
    data: { channelId: id },
  });

  archived = true;
  await expect(make()).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "campaignId" }] },
  });
});
