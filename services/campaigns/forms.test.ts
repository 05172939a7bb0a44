/** Activity forms on a real database: their fields, their versions, and who has them. */
import { expect, test } from "@jest/globals";
import type { FormField } from "#shared/contracts/campaigns/forms.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { refusedAt } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");
const aName = () => `Form ${newId()}`;

const usual: FormField[] = [
  { key: "observations", label: "Observations", type: "longText", required: false },
  { key: "nextActionDate", label: "Next management date", type: "date", required: false },
  { key: "nextActionTime", label: "Next management time", type: "time", required: false },
];
const result: FormField = {
  key: "result",
  label: "Result",
  type: "singleChoice",
  required: true,
  options: ["Sold", "Not sold"],
};

async function start() {
  const bus = await startBus(campaigns);
  const create = (more: object = {}) =>
    bus.call("campaigns.createForm", { name: aName(), ...more }, administrator);
  const change = (id: string, version: number, patch: object) =>
    bus.call("campaigns.changeForm", { id, version, ...patch }, administrator);
  const aCampaign = (more: object = {}) =>
    bus.call("campaigns.create", { name: newId(), ...more }, administrator);
  return { bus, create, change, aCampaign };
}

test("F171: a form without fields of its own has those of every form, in its language", async () => {
  const { create } = await start();

  const english = await create();
  const spanish = await create({ language: "es" });

  expect(english).toMatchObject({ fields: usual, version: 1, description: "" });
  expect(spanish.fields.map(({ label }) => label)).toEqual([
    "Observaciones",
    "Fecha de próxima gestión",
    "Hora de próxima gestión",
  ]);
});

test("G16: a form has fields of every type, in their order, and is announced", async () => {
  const { create } = await start();
  const more = ["text", "number", "boolean", "multipleChoice"].map((type, place) => ({
    ...{ key: `field${place}`, label: "A field", description: "Why", type, required: true },
    ...(type === "multipleChoice" ? { options: ["One", "Two"] } : {}),
  }));
  const relabelled = { ...usual[0]!, label: "What was said", required: true };
  const fields = [result, ...more, relabelled, usual[2]!, usual[1]!];

  const form = await create({ description: "For sales", fields });

  expect(form.fields).toEqual(fields);
  const events = await announced("campaigns", "campaigns.formCreated");
  expect(events.find(({ data }) => data.id === form.id)).toMatchObject({
    aggregate: { kind: "activityForm", version: 1 },
    data: { version: 1 },
    changes: expect.arrayContaining([{ field: "description", old: null, new: "For sales" }]),
  });
});

const broken: [string, object[], string[]][] = [
  ["the default fields", [result], ["fields", "fields", "fields"]],
  ["one default field", [usual[0]!, usual[1]!], ["fields"]],
  [
    "a default field's type",
    [{ ...usual[0]!, type: "text" }, ...usual.slice(1)],
    ["fields[0].type"],
  ],
  ["unique keys", [...usual, { ...result, key: "observationS" }], ["fields[3].key"]],
  ["options of a choice", [...usual, { ...result, options: undefined }], ["fields[3].options"]],
  [
    "choices for options",
    [{ ...usual[0]!, options: ["A"] }, ...usual.slice(1)],
    ["fields[0].options"],
  ],
  ["unique options", [...usual, { ...result, options: ["Sí", "SI"] }], ["fields[3].options[1]"]],
  ["keys that can be names", [...usual, { ...result, key: "constructor" }], ["fields[3].key"]],
  ["a known type", [...usual, { ...result, type: "colour" }], ["fields[3].type"]],
];

test.each(broken)(
  "F171, G16: a form without %s is refused by field, and nothing is kept",
  async (_what, fields, paths) => {
    const { bus, create, change } = await start();
    const name = aName();
    const { id } = await create();

    await expect(create({ name, fields })).rejects.toMatchObject(refusedAt(...paths));
    await expect(change(id, 1, { name, fields })).rejects.toMatchObject(refusedAt(...paths));

    const list = await bus.call("campaigns.listForms", { q: name }, administrator);
    expect(list.items).toEqual([]);
    expect(await bus.call("campaigns.getForm", { id })).toMatchObject({ version: 1 });
  },
);

test("G16: every change makes a version, and the old ones stay readable", async () => {
  const { bus, create, change } = await start();
  const first = await create({ fields: [...usual, result] });
  const { id } = first;

  const second = await change(id, 1, { fields: usual });
  const third = await change(id, 2, { description: "Shorter" });
  const same = await change(id, 3, { description: "Shorter" });

  const read = (version: string) =>
    bus.call("campaigns.getFormVersion", { id, version }, as("agent"));
  expect([second.version, third.version, same.version]).toEqual([2, 3, 3]);
  expect(await read("1")).toEqual(first);
  expect(await read("2")).toEqual(second);
  expect(await bus.call("campaigns.getForm", { id }, as("agent"))).toEqual(third);
  await expect(read("4")).rejects.toMatchObject({ code: 404 });
  await expect(change(id, 2, { description: "" })).rejects.toMatchObject({
    code: 412,
    type: "STALE_VERSION",
  });
  const events = await announced("campaigns", "campaigns.formChanged");
  expect(events.filter(({ data }) => data.id === id).map(({ data }) => data.version)).toEqual([
    2, 3,
  ]);
});

test("G16: forms are listed by name, and two never have the same", async () => {
  const { bus, create, change } = await start();
  const word = newId();
  const { id } = await create({ name: `Ventas ${word}` });
  const other = await create({ name: `Álamo ${word}` });
  const taken = { code: 409, type: "ACTIVITY_FORM_EXISTS", data: { existingId: id } };

  const list = await bus.call("campaigns.listForms", { q: word, count: true }, administrator);

  expect(list.items.map((form) => form.id)).toEqual([other.id, id]);
  expect(list.total).toBe(2);
  await expect(create({ name: `VENTAS ${word}` })).rejects.toMatchObject(taken);
  await expect(change(other.id, 1, { name: `ventas  ${word}` })).rejects.toMatchObject(taken);
});

test("F170: a campaign has the standard form until it names another one", async () => {
  const { bus, create, aCampaign } = await start();
  const { id, activityFormId } = await aCampaign();
  const form = await create({ fields: [...usual, result] });
  const formOf = () => bus.call("campaigns.getCampaignForm", { id }, administrator);

  expect(activityFormId).toBe("standard");
  expect((await formOf()).fields).toEqual(usual);

  const patch = { id, version: 1, activityFormId: form.id, mainField: "result" };
  await bus.call("campaigns.change", patch, administrator);

  expect(await formOf()).toEqual(form);
  await expect(bus.call("campaigns.getCampaignForm", { id }, as("agent"))).rejects.toMatchObject({
    code: 404,
  });
});

test("G06: a campaign's form must be there, and its main field a single choice of it", async () => {
  const { bus, create, aCampaign } = await start();
  const form = await create({ fields: [...usual, result] });
  const { id } = await aCampaign({ activityFormId: form.id, mainField: "result" });
  const change = (patch: object) =>
    bus.call("campaigns.change", { id, version: 1, ...patch }, administrator);

  await expect(aCampaign({ activityFormId: "none" })).rejects.toMatchObject(
    refusedAt("activityFormId"),
  );
  await expect(aCampaign({ mainField: "result" })).rejects.toMatchObject(refusedAt("mainField"));
  await expect(change({ mainField: "observations" })).rejects.toMatchObject(refusedAt("mainField"));
  await expect(change({ activityFormId: "none" })).rejects.toMatchObject(
    refusedAt("activityFormId"),
  );
  await expect(change({ activityFormId: "standard" })).rejects.toMatchObject(
    refusedAt("mainField"),
  );

  expect(await bus.call("campaigns.describe", { id })).toMatchObject({
    activityFormId: form.id,
    mainField: "result",
    version: 1,
  });
  expect(await change({ activityFormId: "standard", mainField: null })).toMatchObject({
    mainField: null,
  });
});

test("G06: a form keeps the field that is a campaign's main one", async () => {
  const { create, change, aCampaign } = await start();
  const form = await create({ fields: [...usual, result] });
  const { id } = await aCampaign({ activityFormId: form.id, mainField: "result" });
  const inUse = { code: 409, type: "MAIN_FIELD_IN_USE", data: { campaignId: id, field: "result" } };

  await expect(change(form.id, 1, { fields: usual })).rejects.toMatchObject(inUse);
  await expect(
    change(form.id, 1, { fields: [...usual, { ...result, type: "multipleChoice" }] }),
  ).rejects.toMatchObject(inUse);
  const renamed = { ...result, label: "Outcome", options: ["Yes", "No", "Maybe"] };
  expect((await change(form.id, 1, { fields: [...usual, renamed] })).version).toBe(2);
});

test("G06: a choice of a field and its removal at the same time never both happen", async () => {
  const { bus, create, change, aCampaign } = await start();

  for (let round = 0; round < 10; round += 1) {
    const form = await create({ fields: [...usual, result] });
    const { id } = await aCampaign({ activityFormId: form.id });

    await Promise.allSettled([
      bus.call("campaigns.change", { id, version: 1, mainField: "result" }, administrator),
      change(form.id, 1, { fields: usual }),
    ]);

    const { mainField } = await bus.call("campaigns.describe", { id });
    const { fields } = await bus.call("campaigns.getForm", { id: form.id });
    const isThere = fields.some(({ key }) => key === "result");
    expect([mainField ?? "none", isThere]).not.toEqual(["result", false]);
  }
});

test("G16: of many services that start at once one makes the standard form", async () => {
  const buses = await Promise.all([startBus(campaigns), startBus(campaigns), startBus(campaigns)]);

  const found = await buses[0].call("campaigns.listForms", { q: "Standard" }, administrator);

  expect(found.items.filter(({ id }) => id === "standard")).toHaveLength(1);
});
