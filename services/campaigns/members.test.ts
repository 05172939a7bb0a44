/** Who and what belongs to a campaign: channels, agents and supervisors. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import {
  aChannel,
  ada,
  ana,
  bo,
  describeChannels,
  disabledAgent,
  disabledSupervisor,
  namesOf,
  refusedAt,
  rosa,
} from "./a-campaign.ts";
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

test("F197: a campaign has the channels it is given, its own or ones that can be written through", async () => {
  const { bus, id, mail, version } = await start();
  const lent = aChannel("another", { direction: "both" });

  const set = await bus.call(
    "campaigns.setChannels",
    { id, items: [lent.id, mail] },
    administrator,
  );

  expect(set).toMatchObject({ channelIds: [lent.id, mail], version: version + 1 });
});

test("F197: unknown channels, inbound ones of other campaigns and doubles are refused by place", async () => {
  const { bus, id, mail } = await start();
  const foreign = aChannel("another");

  const refused = bus.call(
    "campaigns.setChannels",
    { id, items: [mail, "none", foreign.id, mail] },
    administrator,
  );

  await expect(refused).rejects.toMatchObject(refusedAt("items[3]", "items[1]", "items[2]"));
});

test("F197: a channel that leaves the campaign leaves its agents in the same write", async () => {
  const { bus, id, mail, chat } = await start();
  const agents = [
    { userId: ana.id, channelIds: [mail, chat] },
    { userId: bo.id, channelIds: [mail] },
  ];
  await bus.call("campaigns.setAgents", { id, items: agents }, administrator);

  const set = await bus.call("campaigns.setChannels", { id, items: [chat] }, administrator);

  const left = [
    { userId: ana.id, channelIds: [chat] },
    { userId: bo.id, channelIds: [] },
  ];
  expect(set.agents).toEqual(left);
  const events = await announced("campaigns", "campaigns.channelsSet");
  expect(events.filter(({ data }) => data.id === id).at(-1)).toMatchObject({
    aggregate: { version: set.version },
    data: { channelIds: [chat] },
    changes: [
      { field: "channelIds", old: [mail, chat], new: [chat] },
      { field: "agents", old: agents, new: left },
    ],
  });
});

test("F197: a new channel comes in once, and not again after it was taken out", async () => {
  const { bus, id, mail, chat, version } = await start();

  await bus.call("campaigns.addChannel", { id, channelId: mail }, administrator);
  expect(await bus.call("campaigns.describe", { id })).toMatchObject({
    channelIds: [mail, chat],
    version,
  });
  await bus.call("campaigns.setChannels", { id, items: [chat] }, administrator);
  await bus.call("campaigns.addChannel", { id, channelId: mail }, administrator);

  expect(await bus.call("campaigns.describe", { id })).toMatchObject({ channelIds: [chat] });
});

test("F197: channels that come in at the same time all come in", async () => {
  const { bus, id, mail, chat } = await start();
  const more = Array.from({ length: 10 }, newId);

  await Promise.all(
    more.map((channelId) => bus.call("campaigns.addChannel", { id, channelId }, administrator)),
  );

  const { channelIds } = await bus.call("campaigns.describe", { id });
  expect([...channelIds].sort()).toEqual([mail, chat, ...more].sort());
});

test("F198: agents work in a campaign, each on some of its channels", async () => {
  const { bus, id, mail, chat, version } = await start();
  const agents = [
    { userId: ana.id, channelIds: [mail, chat] },
    { userId: bo.id, channelIds: [] },
  ];

  const set = await bus.call("campaigns.setAgents", { id, items: agents }, administrator);

  expect(set).toMatchObject({ agents, version: version + 1 });
  const events = await announced("campaigns", "campaigns.agentsSet");
  expect(events.find(({ data }) => data.id === id)).toMatchObject({
    data: { agents },
    changes: [{ field: "agents", old: [], new: agents }],
  });
});

test("F198: whoever is unknown, disabled, no agent or there twice is refused by place", async () => {
  const { bus, id } = await start();
  const ids = [ana.id, "nobody", rosa.id, disabledAgent.id, ana.id];

  const refused = bus.call(
    "campaigns.setAgents",
    { id, items: ids.map((userId) => ({ userId, channelIds: [] })) },
    administrator,
  );

  await expect(refused).rejects.toMatchObject(
    refusedAt("items[4].userId", "items[1].userId", "items[2].userId", "items[3].userId"),
  );
});

test("F198: an agent's channel that is not the campaign's, or is there twice, is refused by place", async () => {
  const { bus, id, mail } = await start();

  const refused = bus.call(
    "campaigns.setAgents",
    {
      id,
      items: [
        { userId: ana.id, channelIds: [mail, mail] },
        { userId: bo.id, channelIds: [mail, "none"] },
      ],
    },
    administrator,
  );

  await expect(refused).rejects.toMatchObject(
    refusedAt("items[0].channelIds[1]", "items[1].channelIds[1]"),
  );
});

test("F199: supervisors and administrators may supervise a campaign", async () => {
  const { bus, id, version } = await start();

  const items = [rosa.id, ada.id];
  const set = await bus.call("campaigns.setSupervisors", { id, items }, administrator);

  expect(set).toMatchObject({ supervisorIds: items, version: version + 1 });
  const events = await announced("campaigns", "campaigns.supervisorsSet");
  expect(events.find(({ data }) => data.id === id)).toMatchObject({
    data: { supervisorIds: items },
    changes: [{ field: "supervisorIds", old: [], new: items }],
  });
});

test("F199: agents, disabled, unknown and doubled supervisors are refused by place", async () => {
  const { bus, id } = await start();

  const refused = bus.call(
    "campaigns.setSupervisors",
    { id, items: [rosa.id, ana.id, disabledSupervisor.id, "nobody", rosa.id] },
    administrator,
  );

  await expect(refused).rejects.toMatchObject(
    refusedAt("items[4]", "items[1]", "items[2]", "items[3]"),
  );
});
