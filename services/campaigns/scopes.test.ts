/** What each user may see of the campaigns. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aChannel, ana, bo, describeChannels, namesOf, rosa } from "./a-campaign.ts";
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

/** A campaign that Rosa supervises and Ana works in, on mail. */
async function startStaffed() {
  const started = await start();
  const { bus, id, mail } = started;
  await bus.call("campaigns.setSupervisors", { id, items: [rosa.id] }, administrator);
  const items = [{ userId: ana.id, channelIds: [mail] }];
  await bus.call("campaigns.setAgents", { id, items }, administrator);
  const scopes = async (userId: string) =>
    (await bus.call("campaigns.scopesOf", { userId })).filter((one) => one.campaignId === id);
  return { ...started, scopes };
}

test("G04: a user's scopes are the campaigns supervised and worked in, with channels and toggles", async () => {
  const { bus, id, mail, chat, scopes } = await startStaffed();
  await bus.call("campaigns.setOptions", { id, agentsSeeAllCases: true }, administrator);
  const toggles = { agentsSeeAllCases: true, showOtherCampaigns: false };

  expect(await scopes(rosa.id)).toEqual([
    { campaignId: id, as: "supervisor", channelIds: [mail, chat], ...toggles },
  ]);
  expect(await scopes(ana.id)).toEqual([
    { campaignId: id, as: "agent", channelIds: [mail], ...toggles },
  ]);
  expect(await scopes(bo.id)).toEqual([]);
});

test("G05: a disabled campaign is closed to its agents, not to its supervisors", async () => {
  const { bus, id, scopes } = await startStaffed();
  const { version } = await bus.call("campaigns.describe", { id });

  await bus.call("campaigns.change", { id, version, enabled: false }, administrator);

  expect(await scopes(ana.id)).toEqual([]);
  expect(await scopes(rosa.id)).toHaveLength(1);
  const agent = as("agent", { id: ana.id });
  const supervisor = as("supervisor", { id: rosa.id });
  await expect(bus.call("campaigns.get", { id }, agent)).rejects.toMatchObject({ code: 404 });
  expect(await bus.call("campaigns.get", { id }, supervisor)).toMatchObject({ id });
});

test.each(["supervisor", "agent"] as const)(
  "G04: a %s sees the own campaigns only",
  async (role) => {
    const { bus, id } = await startStaffed();
    const own = as(role, { id: role === "agent" ? ana.id : rosa.id });
    const stranger = as(role);

    const listed = await bus.call("campaigns.list", { limit: 200 }, own);
    expect(listed.items.map((one) => one.id)).toContain(id);
    expect(await bus.call("campaigns.get", { id }, own)).toMatchObject({ id });
    expect(await bus.call("campaigns.list", {}, stranger)).toEqual({ items: [], nextCursor: null });
    await expect(bus.call("campaigns.get", { id }, stranger)).rejects.toMatchObject({
      code: 404,
      type: "NOT_FOUND",
    });
  },
);

test("G04: a name in a campaign's lists counts only with the role it was given for", async () => {
  const { bus, id } = await startStaffed();
  const promoted = as("supervisor", { id: ana.id });

  await expect(bus.call("campaigns.get", { id }, promoted)).rejects.toMatchObject({ code: 404 });
});

test("G04: a connector reads no campaign", async () => {
  const { bus, id } = await startStaffed();

  const read = bus.call("campaigns.get", { id }, as("connector"));

  await expect(read).rejects.toMatchObject({ code: 404 });
});

test("F056: neighbours are told the names of those campaigns that exist", async () => {
  const { bus, id } = await start();
  const { name } = await bus.call("campaigns.describe", { id });

  expect(await bus.call("campaigns.namesOf", { ids: ["none", id] })).toEqual([{ id, name }]);
});

test("F227: neighbours are told who the agents of some campaigns are, each once", async () => {
  const { bus, id } = await startStaffed();
  const other = await startStaffed();

  const agents = await bus.call("campaigns.agentsOf", { ids: [id, other.id, "none"] });

  expect(agents).toEqual([ana.id]);
  expect(await bus.call("campaigns.agentsOf", { ids: [] })).toEqual([]);
});

test("F208: an agent is registered in the call queues that the own campaign is linked to", async () => {
  const { bus, id, create } = await startStaffed();
  const [linked, disabled] = [(await create()).id, (await create()).id];
  const { version } = await bus.call("campaigns.describe", { id: disabled });
  await bus.call("campaigns.change", { id: disabled, version, enabled: false }, administrator);
  const linkedCallQueues = [linked, disabled];
  await bus.call("campaigns.setOptions", { id, linkedCallQueues }, administrator);

  const scopesOf = async (userId: string) =>
    (await bus.call("campaigns.scopesOf", { userId })).filter((one) => one.campaignId === linked);
  expect(await scopesOf(ana.id)).toEqual([
    {
      ...{ campaignId: linked, as: "agent", channelIds: [], isLinked: true },
      ...{ agentsSeeAllCases: false, showOtherCampaigns: false },
    },
  ]);
  expect(await scopesOf(rosa.id)).toEqual([]);
  const all = await bus.call("campaigns.scopesOf", { userId: ana.id });
  expect(all.map(({ campaignId }) => campaignId)).not.toContain(disabled);
});
