/** A campaign's options, and settings made at the same time or by a stale version. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aChannel, ana, describeChannels, namesOf, refusedAt, rosa } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");
const identity = standIn("identity", { namesOf });
const channels = standIn("channels", { describe: describeChannels });

/** A campaign with two channels of its own, mail and chat. */
async function start() {
  const bus = await startBus(campaigns, identity, channels);
  const create = () => bus.call("campaigns.create", { name: newId() }, administrator);
  const { id } = await create();
  const [mail, chat] = [aChannel(id).id, aChannel(id).id];
  await bus.call("campaigns.addChannel", { id, channelId: mail }, administrator);
  await bus.call("campaigns.addChannel", { id, channelId: chat }, administrator);
  const { version } = await bus.call("campaigns.describe", { id });
  return { bus, id, mail, chat, version, create };
}

test("F209: options that are left out keep their value", async () => {
  const { bus, id, version } = await start();
  await bus.call("campaigns.setOptions", { id, allowCaseMerge: false }, administrator);

  const { options } = await bus.call(
    "campaigns.setOptions",
    { id, agentsSeeAllCases: true },
    administrator,
  );

  expect(options).toMatchObject({
    allowCaseMerge: false,
    agentsSeeAllCases: true,
    allowTranscript: true,
  });
  const events = await announced("campaigns", "campaigns.optionsSet");
  expect(events.filter(({ data }) => data.id === id).at(-1)).toMatchObject({
    aggregate: { version: version + 2 },
    data: { options },
    changes: [{ field: "options.agentsSeeAllCases", old: false, new: true }],
  });
});

test("F209: call queues are linked to other campaigns that exist", async () => {
  const { bus, id, create } = await start();
  const other = (await create()).id;
  const link = (...linkedCallQueues: string[]) =>
    bus.call("campaigns.setOptions", { id, linkedCallQueues }, administrator);

  expect((await link(other)).options.linkedCallQueues).toEqual([other]);
  await expect(link(other, "none", id, other)).rejects.toMatchObject(
    refusedAt("linkedCallQueues[3]", "linkedCallQueues[1]", "linkedCallQueues[2]"),
  );
});

const settings = [
  ["campaigns.setChannels", { items: [] }],
  ["campaigns.setAgents", { items: [] }],
  ["campaigns.setSupervisors", { items: [] }],
  ["campaigns.setOptions", { allowTranscript: false }],
] as const;

test.each(settings)("F195: %s is refused by a stale version", async (action, settings) => {
  const { bus, id, version } = await start();

  const stale = bus.call(action, { id, version: version + 1, ...settings }, administrator);

  await expect(stale).rejects.toMatchObject({ code: 412, type: "STALE_VERSION" });
});

test.each(settings)("F195: %s is refused without such a campaign", async (action, settings) => {
  const { bus } = await start();

  const missing = bus.call(action, { id: "none", ...settings }, administrator);

  await expect(missing).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});

test("F209: settings that are made at the same time are all kept", async () => {
  const { bus, id, mail, version } = await start();

  await Promise.all([
    bus.call("campaigns.setOptions", { id, allowTranscript: false }, administrator),
    bus.call("campaigns.setOptions", { id, allowCaseMerge: false }, administrator),
    bus.call("campaigns.setSupervisors", { id, items: [rosa.id] }, administrator),
    bus.call(
      "campaigns.setAgents",
      { id, items: [{ userId: ana.id, channelIds: [mail] }] },
      administrator,
    ),
  ]);

  expect(await bus.call("campaigns.describe", { id })).toMatchObject({
    options: { allowTranscript: false, allowCaseMerge: false },
    supervisorIds: [rosa.id],
    agents: [{ userId: ana.id }],
    version: version + 4,
  });
});
