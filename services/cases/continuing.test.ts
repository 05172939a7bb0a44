/** Cases that are made out of a session or a call, and found by it (F137, F070, F130). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { aCase, keep } from "./a-case.ts";
import { administrator, start } from "./continuing.samples.ts";
import { aCampaign, aScope } from "./creation.samples.ts";
import { cases } from "./tables.store.ts";

test("F137, F070: a case made out of a session has its customer, campaign and channel, and is related to its case", async () => {
  const { bus, create, interaction } = await start();

  const made = await create();

  expect(made).toMatchObject({
    ...{ customerId: "ada", customerName: "Ada Lovelace", campaignId: "support" },
    ...{ channelId: "chat", interactionId: interaction.id, status: "new", interactionCount: 0 },
  });
  const { items } = await bus.call("cases.listRelations", { id: made.id }, administrator);
  expect(items.map(({ relatedCase }) => relatedCase.id)).toEqual([interaction.caseId]);
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
