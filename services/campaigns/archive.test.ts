/** Campaigns made like others, put away and taken out again, and what others see of them. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aChannel, ana, bo, describeChannels, namesOf, refusedAt, rosa } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");
const neighbours = [
  standIn("identity", { namesOf }),
  standIn("channels", { describe: describeChannels }),
];
const link = { title: "Shop", kind: "link" as const, address: "https://8.8.8.8/" };

/** A campaign with mail and chat, where Ana works on mail and Bo on nothing, under Rosa. */
async function start() {
  const bus = await startBus(campaigns, ...neighbours);
  const given = { name: newId(), language: "es", timeZone: "America/Bogota" } as const;
  const { id } = await bus.call("campaigns.create", given, administrator);
  const [mail, chat] = [aChannel(id).id, aChannel(id).id];
  await bus.call("campaigns.setChannels", { id, items: [mail, chat] }, administrator);
  await bus.call("campaigns.setSupervisors", { id, items: [rosa.id] }, administrator);
  const items = [
    { userId: ana.id, channelIds: [mail] },
    { userId: bo.id, channelIds: [] },
  ];
  await bus.call("campaigns.setAgents", { id, items }, administrator);
  await bus.call("campaigns.setOptions", { id, allowTranscript: false }, administrator);
  await bus.call("campaigns.setScript", { id, html: "<p>Hi</p>" }, administrator);
  await bus.call("campaigns.setTabs", { id, items: [link] }, administrator);
  const describe = () => bus.call("campaigns.describe", { id });
  const change = async (patch: object) =>
    bus.call(
      "campaigns.change",
      { id, version: (await describe()).version, ...patch },
      administrator,
    );
  return { bus, id, mail, describe, change };
}

test("G05: a campaign is duplicated with its whole configuration, but without its channels", async () => {
  const { bus, id, describe } = await start();
  const original = await describe();
  const name = newId();

  const copy = await bus.call("campaigns.duplicate", { id, name }, administrator);

  const { agents: _agents, channelIds: _channels, caseTypes, ...same } = original;
  expect(copy).toMatchObject({
    ...same,
    ...{ id: copy.id, name, version: 1, createdAt: copy.createdAt, updatedAt: copy.updatedAt },
    channelIds: [],
    agents: [ana, bo].map((agent) => ({ userId: agent.id, channelIds: [] })),
  });
  expect(copy.id).not.toBe(id);
  expect(copy.caseTypes.map((type) => type.name)).toEqual(caseTypes.map((type) => type.name));
  expect(copy.caseTypes[0]!.id).not.toBe(caseTypes[0]!.id);
  const of = { id: copy.id };
  expect(await bus.call("campaigns.getScript", of, administrator)).toMatchObject({
    html: "<p>Hi</p>",
  });
  const tabs = await bus.call("campaigns.getTabs", of, administrator);
  expect(tabs.items).toMatchObject([link]);
  const created = await announced("campaigns", "campaigns.created");
  expect(created.filter(({ data }) => data.id === copy.id)).toHaveLength(1);
});

test("G05, B01: a duplicate needs a name of its own and an original, and its repeat makes no second", async () => {
  const { bus, id, describe } = await start();
  const { name } = await describe();
  const command = { meta: { ...administrator.meta, commandId: newId() } };
  const duplicate = (params: { id: string; name: string }, meta = administrator) =>
    bus.call("campaigns.duplicate", params, meta);

  const asked = { id, name: newId() };
  expect(await duplicate(asked, command)).toEqual(await duplicate(asked, command));
  await expect(duplicate({ id, name })).rejects.toMatchObject({
    code: 409,
    type: "CAMPAIGN_EXISTS",
    data: { existingId: id },
  });
  await expect(duplicate({ id: "none", name: newId() })).rejects.toMatchObject({ code: 404 });
});

test("G05: an archived campaign is disabled and leaves the list", async () => {
  const { bus, id, describe, change } = await start();
  const { name } = await describe();
  const listed = async (more: object) =>
    (await bus.call("campaigns.list", { q: name, ...more }, administrator)).items;

  expect(await change({ archived: true })).toMatchObject({ archived: true, enabled: false });

  expect(await listed({})).toEqual([]);
  expect(await listed({ archived: true })).toMatchObject([{ id, enabled: false }]);
  const events = await announced("campaigns", "campaigns.changed");
  expect(events.filter(({ data }) => data.id === id).at(-1)).toMatchObject({
    data: { enabled: false },
    changes: expect.arrayContaining([{ field: "archived", old: false, new: true }]),
  });
});

test("G05: an archived campaign is changed in nothing until it is taken out, disabled", async () => {
  const { bus, id, mail, describe, change } = await start();
  await change({ archived: true });
  const { version } = await describe();
  const archived = { code: 409, type: "CAMPAIGN_ARCHIVED", data: { campaignId: id } };
  const attempts = [
    change({ description: "New" }),
    bus.call("campaigns.setChannels", { id, items: [mail] }, administrator),
    bus.call("campaigns.setAgents", { id, items: [] }, administrator),
    bus.call("campaigns.setSupervisors", { id, items: [] }, administrator),
    bus.call("campaigns.setOptions", { id, allowTranscript: true }, administrator),
    bus.call("campaigns.setScript", { id, html: "" }, administrator),
    bus.call("campaigns.setTabs", { id, items: [] }, administrator),
  ];

  for (const attempt of await Promise.allSettled(attempts)) {
    expect(attempt).toMatchObject({ status: "rejected", reason: archived });
  }
  await expect(change({ enabled: true })).rejects.toMatchObject(refusedAt("enabled"));
  expect((await describe()).version).toBe(version);

  expect(await change({ archived: false })).toMatchObject({ archived: false, enabled: false });
  expect(await change({ enabled: true })).toMatchObject({ enabled: true });
});

test("F195: an agent reads of the campaign what the work needs, not its configuration", async () => {
  const { bus, id, mail, describe } = await start();
  const whole = await describe();

  const seen = await bus.call("campaigns.get", { id }, as("agent", { id: ana.id }));

  expect(seen).toMatchObject({
    ...{ id, options: whole.options, caseTypes: whole.caseTypes, calendar: whole.calendar },
    channelIds: [mail],
    agentIds: [ana.id, bo.id],
  });
  for (const name of ["agents", "supervisorIds", "externalView"]) {
    expect(seen).not.toHaveProperty(name);
  }
});

test("F195: a supervisor reads who works where, an administrator everything", async () => {
  const { bus, id, describe } = await start();
  const whole = await describe();

  const supervised = await bus.call("campaigns.get", { id }, as("supervisor", { id: rosa.id }));

  expect(supervised).toMatchObject({ agents: whole.agents, supervisorIds: [rosa.id] });
  expect(supervised).not.toHaveProperty("externalView");
  expect(await bus.call("campaigns.get", { id }, administrator)).toEqual(whole);
});

test("F195: lists of campaigns name neither people nor channels", async () => {
  const { bus, describe } = await start();
  const { name, id, version, createdAt, updatedAt } = await describe();

  const { items } = await bus.call("campaigns.list", { q: name }, as("agent", { id: ana.id }));

  expect(items).toEqual([
    {
      ...{ id, name, version, createdAt, updatedAt, description: "", enabled: true },
      ...{ language: "es", timeZone: "America/Bogota", routingStrategy: "roundRobin" },
      ...{ archived: false, createdBy: administrator.meta.actor?.id },
      updatedBy: administrator.meta.actor?.id,
    },
  ]);
});
