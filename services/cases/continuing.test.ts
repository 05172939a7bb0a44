/** Cases that are made out of a session or a call, and found by it (F137, F070, F130). */
import { buffer } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { expect, test } from "@jest/globals";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { until } from "#shared/testing/until.ts";
import { aCase, keep } from "./a-case.ts";
import casesService from "./cases.service.ts";
import { aCampaign, aScope, description, neighbours } from "./creation.samples.ts";
import { cases } from "./tables.store.ts";

const administrator = as("administrator");

interface Stored {
  name: string;
  content: string;
  uploadKey: string | undefined;
  by: string | undefined;
  claim?: { ownerId: string };
}

/** A chat of Ada's in a case, and neighbours who keep what they are asked. */
async function start({ scopes = [] as CampaignScope[], campaign = aCampaign() } = {}) {
  const { customers, campaigns, identity } = neighbours({ campaigns: [campaign], scopes });
  const files: Stored[] = [];
  const interaction = {
    ...{ id: newId(), channelId: "chat", campaignId: campaign.id, direction: "inbound" as const },
    ...{ kind: "message" as const, from: { type: "other" as const, value: "v7" } },
    ...{ attachments: [], state: "filed" as const, at: new Date(), caseId: newId() },
  };
  const found = new Map<string, Interaction>([[interaction.id, interaction]]);
  const channels = standIn("channels", {
    getInteraction({ params: { id } }) {
      const one = found.get(id);
      if (!one) throw notFound("interaction", id);
      return one;
    },
    transcribe: ({ params: { interactionId, language } }) => ({
      text: `${language}: what was said until ${interactionId}`,
      isComplete: true,
    }),
  });
  const attachments = standIn("files", {
    async store(ctx) {
      const { name, uploadKey, declaredType = "" } = ctx.params;
      const content = String(await buffer(ctx.stream as Readable));
      const before = files.findIndex((one) => one.uploadKey === uploadKey);
      const by = ctx.meta.actor?.id;
      const place = before < 0 ? files.push({ name, content, uploadKey, by }) - 1 : before;
      const id = `f${String(place)}`;
      return { id, name, contentType: declaredType, size: 1, sha256: "0", createdAt: new Date() };
    },
    claim({ params: { ids, ...claim } }) {
      for (const id of ids) {
        const file = files[Number(id.slice(1))];
        if (!file) throw notFound("file", id);
        if (file.claim && file.claim.ownerId !== claim.ownerId) {
          throw conflict("FILE_CLAIMED", "The file belongs to something else already");
        }
        file.claim = claim;
      }
    },
  });
  const bus = await startBus(
    casesService,
    standIn("customers", { ...customers, identify: unmerged }),
    standIn("campaigns", campaigns),
    standIn("identity", identity),
    channels,
    attachments,
  );
  const [source] = await keep(
    aCase({
      ...{ id: interaction.caseId, customerId: "ada", campaignId: campaign.id },
      ...{ channelId: "chat", interactionCount: 3, status: "open" },
    }),
  );
  const create = (more: object = {}, by = administrator) =>
    bus.call("cases.create", { interactionId: interaction.id, description, ...more }, by);
  /** The files that were claimed for a case, once there is one. */
  const filesOf = (caseId: string) => {
    const claimed = files.filter(({ claim }) => claim?.ownerId === caseId);
    return claimed.length > 0 ? claimed : undefined;
  };
  return { bus, create, filesOf, found, interaction, source: source! };
}

test("F137, F070: a case made out of a session has its customer, campaign and channel, and is related to its case", async () => {
  const { bus, create, interaction, source } = await start();

  const made = await create();

  expect(made).toMatchObject({
    ...{ customerId: "ada", customerName: "Ada Lovelace", campaignId: "support" },
    ...{ channelId: "chat", interactionId: interaction.id, status: "new", interactionCount: 0 },
  });
  const { items } = await bus.call("cases.listRelations", { id: made.id }, administrator);
  expect(items.map(({ relatedCase }) => relatedCase.id)).toEqual([source.id]);
  const created = (await announced("cases", "cases.created")).find(
    ({ data }) => data.id === made.id,
  );
  expect(created?.data).toMatchObject({ channelId: "chat", cause: "user" });
  expect(created?.changes).toContainEqual({
    field: "interactionId",
    new: interaction.id,
  });
});

test("F137: what was said is attached to it, on behalf of who made it, in the campaign's language", async () => {
  const started = await start({ campaign: aCampaign({ language: "es" }) });
  const { create, filesOf, interaction } = started;
  const by = as("administrator");

  const made = await create({}, by);
  const [file] = await until(() => filesOf(made.id));

  expect(file).toMatchObject({
    name: `transcripcion-${String(made.number)}.txt`,
    content: `es: what was said until ${interaction.id}`,
    by: by.meta.actor?.id,
    claim: { ownerKind: "case", ownerId: made.id, caseId: made.id, customerId: "ada" },
  });
});

test("B01: made again with the same key it is the same case, with one relation and one transcript", async () => {
  const { bus, create, filesOf } = await start();
  const { meta } = as("administrator");
  const by = { meta: { ...meta, commandId: newId() } };

  const made = await create({}, by);
  const again = await create({}, by);
  const kept = await until(() => filesOf(made.id));

  expect(again).toEqual(made);
  const { items } = await bus.call("cases.listRelations", { id: made.id }, administrator);
  expect(items).toHaveLength(1);
  expect(kept).toHaveLength(1);
});

test("F137: an agent makes it of a case that the agent sees, also of one that is closed", async () => {
  const agent = as("agent");
  const { bus, create, found } = await start({ scopes: [aScope("support")] });
  const [closed] = await keep(
    aCase({
      ...{ customerId: "ada", campaignId: "support", status: "closed" },
      assigneeId: String(agent.meta.actor?.id),
    }),
  );
  const [one] = found.values();
  const call = { ...one!, id: newId(), kind: "call" as const, caseId: closed!.id };
  found.set(call.id, call);

  const made = await create({ interactionId: call.id, customerId: "ada" }, agent);

  expect(made).toMatchObject({ assigneeId: agent.meta.actor?.id, interactionId: call.id });
  expect((await bus.call("cases.get", { id: closed!.id }, agent)).status).toBe("closed");
});

test("F137: an interaction that is not there, or whose case is others', is 404", async () => {
  const { create } = await start({ scopes: [aScope("other")] });

  await expect(create({ interactionId: newId() })).rejects.toMatchObject({ code: 404 });
  await expect(create({}, as("agent"))).rejects.toMatchObject({ code: 404 });
});

test("F125: out of a case that may only be read none is made: 403 READ_ONLY", async () => {
  const scopes = [{ ...aScope("other"), showOtherCampaigns: true }];
  const { create } = await start({ scopes });

  await expect(create({}, as("agent"))).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
});

test.each<[string, object, string]>([
  ["another customer", { customerId: "grace" }, "customerId"],
  ["a new customer", { customer: { firstName: "Grace" } }, "customer"],
  ["another campaign", { campaignId: "sales" }, "campaignId"],
  ["a case type of another campaign", { caseTypeId: "sales" }, "caseTypeId"],
  ["nothing said", { description: " " }, "description"],
])("F137: %s is refused, the field named", async (_what, more, path) => {
  const { create } = await start();
  const before = (await announced("cases", "cases.continued")).length;

  await expect(create(more)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path }] },
  });
  expect(await announced("cases", "cases.continued")).toHaveLength(before);
});

test("F137: an interaction that is in no case, or a disabled campaign, is refused", async () => {
  const { create, found, interaction } = await start({ campaign: aCampaign({ enabled: false }) });
  const { caseId: _none, ...unfiled } = interaction;
  found.set("unfiled", { ...unfiled, id: "unfiled", state: "blocked" });
  const at = (path: string) => ({ code: 422, data: { errors: [{ path }] } });

  await expect(create({ interactionId: "unfiled" })).rejects.toMatchObject(at("interactionId"));
  await expect(create()).rejects.toMatchObject(at("campaignId"));
});

test("F130: the cases of an interaction are the one it is in, and those made out of it", async () => {
  const { bus, create, found, interaction } = await start();
  const interactionId = newId();
  const filing = {
    ...{ interactionId, customerId: "ada", campaignId: "support", channelId: "chat" },
    ...{ preview: "Hello", at: new Date() },
  };
  const [filed] = await bus.call("cases.file", { filings: [filing] });
  const caseId = String(filed?.caseId);
  found.set(interactionId, { ...interaction, id: interactionId, caseId });
  const made = await create({ interactionId });
  await create();

  const list = (asked: object, by = administrator) =>
    bus.call("cases.list", { interactionId, ...asked }, by);
  const idsOf = async (asked: object) => (await list(asked)).items.map(({ id }) => id);

  expect(await idsOf({})).toEqual([made.id, caseId]);
  expect(await idsOf({ sort: "created", count: true })).toEqual([caseId, made.id]);
  expect((await list({ count: true })).total).toBe(2);
  expect(await idsOf({ state: "closed" })).toEqual([]);
  expect(await idsOf({ interactionId: newId() })).toEqual([]);
  expect((await list({}, as("agent"))).items).toEqual([]);
});

test("F130, D03: where its case was merged, an interaction leads to the survivor", async () => {
  const { bus } = await start();
  const interactionId = newId();
  const [survivor] = await keep(aCase({ customerId: "ada" }));
  const filing = {
    ...{ interactionId, customerId: "ada", campaignId: newId(), channelId: "chat" },
    ...{ preview: "Hello", at: new Date() },
  };
  const [filed] = await bus.call("cases.file", { filings: [filing] });
  const merged = { $set: { mergedInto: survivor!.id, status: "closed" as const } };
  await cases.native().updateOne({ _id: String(filed?.caseId) }, merged);

  const { items } = await bus.call("cases.list", { interactionId }, administrator);

  expect(items.map(({ id }) => id)).toContain(survivor!.id);
});
