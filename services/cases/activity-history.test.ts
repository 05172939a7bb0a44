/** Reading activities: the history of a case, one of them whole, and what a form begins with. */
import { expect, test } from "@jest/globals";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { standIn } from "#shared/testing/bus.ts";
import { start } from "./activities.samples.ts";
import { idOf, present } from "./presence.samples.ts";

const answers = {
  observations: "Asked for the invoice",
  outcome: "Call back",
  nextActionDate: "2027-07-01",
  nextActionTime: "15:30",
};

test("F179, F180: the history is listed newest first, by name, with the beginning of what was observed", async () => {
  const who = present();
  const identity = standIn("identity", {
    namesOf: ({ params: { ids } }) =>
      ids.map((id) => ({ id, name: "Ada", role: "agent" as const, disabled: false })),
  });
  const { bus, aKept } = await start({ others: [identity] });
  const { id, number } = await aKept();
  const texts = ["first", "second", "é".repeat(600)];
  for (const observations of texts) {
    await bus.call("cases.saveActivity", { id, answers: { observations } }, who);
  }

  const asked = { id: String(number), limit: 2, count: true };
  const first = await bus.call("cases.listActivities", asked, who);
  const cursor = String(first.nextCursor);
  const second = await bus.call("cases.listActivities", { ...asked, cursor }, who);

  const shown = [...first.items, ...second.items];
  expect(shown.map(({ observations }) => observations)).toEqual([
    `${"é".repeat(499)}…`,
    "second",
    "first",
  ]);
  expect(shown[0]).toMatchObject({ caseId: id, createdBy: idOf(who), createdByName: "Ada" });
  expect(shown[0]).not.toHaveProperty("answers");
  expect(first.total).toBe(3);
  expect(second.nextCursor).toBeNull();
  const activityId = String(shown[0]?.id);
  const whole = await bus.call("cases.getActivity", { id, activityId }, who);
  expect(whole.answers).toEqual({ observations: texts[2] });
});

test("F180: without campaigns an activity is shown without the fields of its form", async () => {
  const who = present();
  const { bus, aKept, state } = await start();
  const { id } = await aKept();
  const saved = await bus.call("cases.saveActivity", { id, answers: {} }, who);
  state.formsAreAway = true;

  const whole = await bus.call("cases.getActivity", { id, activityId: saved.id }, who);

  expect(whole).toEqual(saved);
});

test("F180: an activity is found on its own case only", async () => {
  const { bus, aKept } = await start();
  const who = present();
  const [one, other] = [await aKept(), await aKept()];
  const saved = await bus.call("cases.saveActivity", { id: one.id, answers }, who);

  const elsewhere = bus.call("cases.getActivity", { id: other.id, activityId: saved.id }, who);

  await expect(elsewhere).rejects.toMatchObject({ code: 404, data: { what: "activity" } });
});

test("F177: where the option is on the form begins with the last activity's answers", async () => {
  const options = (prefillActivityForm: boolean) => ({
    campaign: { options: { ...aCampaign("any").options, prefillActivityForm } },
  });
  const on = await start(options(true));
  const off = await start(options(false));
  const who = present();
  const { id } = await on.aKept();
  const empty = await on.bus.call("cases.prefillActivity", { id }, who);
  const saved = await on.bus.call("cases.saveActivity", { id, answers }, who);

  const begun = { formId: "standard", formVersion: 1 };
  expect(empty).toEqual({ ...begun, answers: {} });
  expect(await on.bus.call("cases.prefillActivity", { id }, who)).toEqual({
    ...begun,
    answers,
    activityId: saved.id,
  });
  expect(await off.bus.call("cases.prefillActivity", { id }, who)).toEqual({
    ...begun,
    answers: {},
  });
});
