import { expect, test } from "@jest/globals";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import { CampaignSettings } from "#shared/contracts/campaigns/settings.ts";
import { notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, announced, standIn, startBus } from "#shared/testing/bus.ts";
import { checker } from "#shared/validation.ts";
import { aUser, by, signIn } from "./builders.ts";
import identity from "./identity.service.ts";

const campaignId = newId();
const now = new Date();
const aCampaign: Campaign = {
  id: campaignId,
  name: "Claims",
  description: "",
  timeZone: "UTC",
  language: "en",
  enabled: true,
  archived: false,
  ...checker(CampaignSettings)({}),
  routingStrategy: "roundRobin",
  caseTypes: [],
  options: {
    allowCaseMerge: true,
    allowTranscript: true,
    allowUserTransfer: true,
    allowCampaignTransfer: true,
    notifyTransferByEmail: true,
    fallbackToFirstAvailable: true,
    queueAssignment: true,
    allowCloseWithoutActivity: true,
    allowCloseWithIncompleteCustomer: true,
    prefillActivityForm: false,
    agentsSeeAllCases: false,
    allowOtherContactPoints: false,
    onlyAssignedChannels: false,
    showOtherCampaigns: false,
    allowAgentBulkClose: false,
    allowCallsWhileBusy: false,
    linkedCallQueues: [],
    capacity: 50,
  },
  channelIds: [],
  agents: [],
  supervisorIds: [],
  version: 1,
  createdAt: now,
  updatedAt: now,
};

const campaigns = standIn("campaigns", {
  get: (ctx) => {
    if (ctx.params.id !== campaignId) throw notFound("campaign", ctx.params.id);
    return aCampaign;
  },
});

async function signedInAgent() {
  const bus = await startBus(identity, campaigns);
  const { id, email } = await aUser(bus);
  const caller = await by(bus, (await signIn(bus, email)).accessToken);
  return { bus, id, caller };
}

test("F225: who has signed in sees who they are and what they may do", async () => {
  const { bus, id, caller } = await signedInAgent();

  const me = await bus.call("identity.me", {}, caller);

  expect(me).toMatchObject({ id, role: "agent", name: "Ada Agent" });
  expect(me.permissions).toContain("cases.create");
  expect(me.permissions).not.toContain("campaigns.configure");
});

test("F229, F167: a user chooses the current campaign, the signature and the language", async () => {
  const { bus, caller } = await signedInAgent();
  const chosen = {
    currentCampaignId: campaignId,
    signature: "Ada\nCasewire",
    language: "es",
  } as const;

  const changed = await bus.call("identity.changeMe", chosen, caller);

  expect(changed).toMatchObject({ ...chosen, version: 2 });
  await expect(bus.call("identity.me", {}, caller)).resolves.toMatchObject(chosen);
});

test("F229: null leaves the campaign and clears the signature", async () => {
  const { bus, id, caller } = await signedInAgent();
  await bus.call("identity.changeMe", { currentCampaignId: campaignId, signature: "Ada" }, caller);

  const none = { currentCampaignId: null, signature: null };
  const cleared = await bus.call("identity.changeMe", none, caller);

  expect(cleared).not.toHaveProperty("currentCampaignId");
  expect(cleared).not.toHaveProperty("signature");
  expect((await announced("identity", "identity.userChanged")).at(-1)).toMatchObject({
    aggregate: { id, version: 3 },
    changes: [
      { field: "signature", old: "Ada", new: null },
      { field: "currentCampaignId", old: campaignId, new: null },
    ],
  });
});

test("F229: a campaign that the user may not see cannot be the current one", async () => {
  const { bus, caller } = await signedInAgent();

  const refused = bus.call("identity.changeMe", { currentCampaignId: newId() }, caller);

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "currentCampaignId" }] },
  });
});

test("F167: a signature may have form, and nothing that attacks", async () => {
  const { bus, caller } = await signedInAgent();
  const signature =
    '<p onclick="x()">Ada <b>Agent</b></p><script>alert(1)</script><img src="https://x.example/p.png"><a href="javascript:x">a</a>';

  const changed = await bus.call("identity.changeMe", { signature }, caller);

  expect(changed.signature).toContain("<p>Ada <b>Agent</b></p>");
  expect(changed.signature).not.toMatch(/script|onclick|x\.example/);
});

test.each(["x".repeat(10_001), "&".repeat(9_000)])(
  "F167: a signature that is too long, also once it is sanitised, is refused by name",
  async (signature) => {
    const { bus, caller } = await signedInAgent();

    const refused = bus.call("identity.changeMe", { signature }, caller);

    await expect(refused).rejects.toMatchObject({
      code: 422,
      data: { errors: [{ path: "signature", code: "stringMax" }] },
    });
  },
);

test("F075: the view has three columns, or two as the user likes, on every machine", async () => {
  const { bus, id, caller } = await signedInAgent();
  const change = (preferences: { viewColumns?: number }) =>
    bus.call("identity.changeMe", { preferences }, caller);
  const before = await bus.call("identity.me", {}, caller);

  const changed = await change({ viewColumns: 2 });
  const kept = await change({});

  expect(before.preferences).toEqual({ viewColumns: 3 });
  expect(changed).toMatchObject({ preferences: { viewColumns: 2 }, version: before.version + 1 });
  expect(kept).toEqual(changed);
  expect(await bus.call("identity.me", {}, caller)).toEqual(changed);
  const told = (await announced("identity", "identity.userChanged")).filter(
    ({ data }) => data.id === id,
  );
  expect(told.at(-1)?.changes).toEqual([{ field: "preferences.viewColumns", old: null, new: 2 }]);
});

test.each([
  [{ viewColumns: 4 }, "preferences.viewColumns"],
  [{ viewColumns: "2" }, "preferences.viewColumns"],
  [{ colour: "red" }, "preferences.colour"],
])("F075: preferences that there are not are refused by name: %j", async (preferences, path) => {
  const { bus, caller } = await signedInAgent();

  const refused = bus.call("identity.changeMe", { preferences } as object, caller);

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [expect.objectContaining({ path })] },
  });
});

test("own settings leave the sessions alone", async () => {
  const { bus, id, caller } = await signedInAgent();
  const { accessToken } = await signIn(bus, (await bus.call("identity.getUser", { id })).email);

  await bus.call("identity.changeMe", { language: "es" }, caller);

  await expect(bus.call("identity.verify", { token: accessToken })).resolves.toMatchObject({ id });
});

test("nobody changes their own role", async () => {
  const { bus, caller } = await signedInAgent();

  const refused = bus.call("identity.changeMe", { role: "administrator" } as never, caller);

  await expect(refused).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "role" }] } });
});

test("a connector is no user", async () => {
  const bus = await startBus(identity, campaigns);

  await expect(bus.call("identity.me", {}, as("connector"))).rejects.toMatchObject({ code: 403 });
  const refused = bus.call("identity.changeMe", { language: "es" }, as("connector"));
  await expect(refused).rejects.toMatchObject({ code: 403 });
});

test("who has not signed in is nobody", async () => {
  const bus = await startBus(identity, campaigns);

  await expect(bus.call("identity.me")).rejects.toMatchObject({ code: 401 });
});
