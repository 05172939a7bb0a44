/** Saving activities: what is kept, what becomes of the case, what is told, what is refused. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { aForm, everyField, outcome, start } from "./activities.samples.ts";
import { idOf, present } from "./presence.samples.ts";

const answers = {
  observations: "Asked for the invoice",
  outcome: "Call back",
  nextActionDate: "2027-07-01",
  nextActionTime: "15:30",
};

test("F172, F174, F181, G01, G06: a filled-in form is an activity, and the case says what it decided", async () => {
  const { bus, aKept } = await start({ campaign: { timeZone: "America/Bogota" } });
  const who = present();
  const { id } = await aKept();

  const saved = await bus.call("cases.saveActivity", { id, answers }, who);

  const nextActionAt = new Date("2027-07-01T20:30:00Z");
  expect(saved).toEqual({
    id: expect.any(String),
    caseId: id,
    campaignId: "support",
    formId: "standard",
    formVersion: 1,
    answers,
    disposition: "Call back",
    nextActionAt,
    createdAt: expect.any(Date),
    createdBy: idOf(who),
  });
  expect(await bus.call("cases.get", { id }, who)).toMatchObject({
    status: "open",
    version: 2,
    activityCount: 1,
    disposition: "Call back",
    nextActionAt,
    updatedBy: idOf(who),
  });
});

test("F115, D18: an activity is told of with all that it says, and so is the change of the case", async () => {
  const { bus, aKept } = await start();
  const who = present();
  const { id, customerId } = await aKept({ status: "open" });

  const saved = await bus.call("cases.saveActivity", { id, answers }, who);

  const told = await announced("cases", "cases.activitySaved");
  const { nextActionAt } = saved;
  expect(told.filter(({ key }) => key === id)).toMatchObject([
    {
      aggregate: { kind: "activity", id: saved.id, version: 1 },
      actor: { id: idOf(who) },
      data: {
        ...{ id, activityId: saved.id, campaignId: "support", customerId },
        ...{ disposition: "Call back", nextActionAt },
      },
    },
  ]);
  expect(told.find(({ key }) => key === id)?.changes).toEqual(
    expect.arrayContaining([
      { field: "answers.observations", old: null, new: "Asked for the invoice" },
      { field: "formVersion", old: null, new: 1 },
      { field: "nextActionAt", old: null, new: nextActionAt },
    ]),
  );
  const changed = await announced("cases", "cases.changed");
  expect(changed.find(({ aggregate }) => aggregate.id === id)?.changes).toEqual([
    { field: "activityCount", old: null, new: 1 },
    { field: "disposition", old: null, new: "Call back" },
    { field: "nextActionAt", old: null, new: nextActionAt },
  ]);
});

test("F174, G02: a later activity replaces what the one before has planned and decided", async () => {
  const { bus, aKept } = await start();
  const who = present();
  const { id } = await aKept();
  await bus.call("cases.saveActivity", { id, answers }, who);

  await bus.call("cases.saveActivity", { id, answers: { observations: "Called" } }, who);

  const kase = await bus.call("cases.get", { id }, who);
  expect(kase).toMatchObject({ activityCount: 2, version: 3 });
  expect(kase).not.toHaveProperty("nextActionAt");
  expect(kase).not.toHaveProperty("disposition");
});

test("F170, F180: what was filled in keeps its version of the form, also where that is not the latest", async () => {
  const before = aForm({ fields: [...everyField, { ...outcome, options: ["Call back", "Gone"] }] });
  const now = aForm({ version: 2, fields: [...everyField, outcome] });
  const { bus, aKept } = await start({ forms: [before, now] });
  const { id } = await aKept();
  const who = present();
  const gone = { outcome: "Gone" };

  const saved = await bus.call("cases.saveActivity", { id, answers: gone, formVersion: 1 }, who);

  expect(saved).toMatchObject({ formVersion: 1, disposition: "Gone" });
  const whole = await bus.call("cases.getActivity", { id, activityId: saved.id }, who);
  expect(whole).toEqual({ ...saved, fields: before.fields });
  await expect(bus.call("cases.saveActivity", { id, answers: gone }, who)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "answers.outcome", code: "option" }] },
  });
});

test("B01: a repeated command saves one activity, and answers the first", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const who = present();
  const command = { meta: { ...who.meta, commandId: newId() } };

  const first = await bus.call("cases.saveActivity", { id, answers }, command);
  const again = await bus.call("cases.saveActivity", { id, answers }, command);

  expect(again).toEqual(first);
  expect(await bus.call("cases.get", { id }, who)).toMatchObject({ activityCount: 1 });
});

test("F172: of activities that are saved at once none is lost", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const who = present();

  await Promise.all(
    Array.from({ length: 5 }, () => bus.call("cases.saveActivity", { id, answers }, who)),
  );

  const { items } = await bus.call("cases.listActivities", { id }, who);
  expect(items).toHaveLength(5);
  expect(await bus.call("cases.get", { id }, who)).toMatchObject({ activityCount: 5, version: 6 });
});

test("D04: a closed case takes no activity; its history can be read", async () => {
  const { bus, aKept } = await start();
  const { id, number } = await aKept({ status: "closed" });
  const who = present();

  const refused = bus.call("cases.saveActivity", { id, answers }, who);

  await expect(refused).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED", data: { number } });
  expect(await bus.call("cases.listActivities", { id }, who)).toMatchObject({ items: [] });
});

test("F170: a form that the campaign does not have any more is refused by name", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const save = (more: object) =>
    bus.call("cases.saveActivity", { id, answers, ...more }, present());

  await expect(save({ formId: "another" })).rejects.toMatchObject({
    code: 409,
    type: "ACTIVITY_FORM_REPLACED",
    data: { formId: "standard" },
  });
  await expect(save({ formVersion: 7 })).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "formVersion", code: "unknown" }] },
  });
  await expect(save({ formId: "standard", formVersion: 1 })).resolves.toMatchObject({ caseId: id });
});

test("G04, F125: who may only read a case saves nothing on it; who may not sees no history", async () => {
  const scope = { agentsSeeAllCases: false, showOtherCampaigns: true };
  const { bus, aKept } = await start({ scope });
  const who = present();
  const foreign = await aKept({ campaignId: "sales" });
  const others = await aKept({ assigneeId: newId() });

  await expect(
    bus.call("cases.saveActivity", { id: foreign.id, answers }, who),
  ).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
  expect(await bus.call("cases.listActivities", { id: foreign.id }, who)).toMatchObject({
    items: [],
  });
  for (const { id } of [others, { id: newId() }]) {
    const asked = [
      () => bus.call("cases.saveActivity", { id, answers }, who),
      () => bus.call("cases.listActivities", { id }, who),
      () => bus.call("cases.getActivity", { id, activityId: newId() }, who),
      () => bus.call("cases.prefillActivity", { id }, who),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 404 });
  }
});
