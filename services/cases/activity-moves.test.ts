/** What becomes of activities and next actions when cases move, and when a person is erased. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { standIn } from "#shared/testing/bus.ts";
import { start } from "./activities.samples.ts";
import * as store from "./activities.store.ts";
import { ofCasesOf } from "./of-cases.store.ts";
import { present } from "./presence.samples.ts";
import { withStatus } from "./life.rules.ts";
import { aCase } from "./a-case.ts";

const answers = {
  ...{ observations: "Lives in Bath", outcome: "Solved" },
  ...{ nextActionDate: "2027-07-01", nextActionTime: "10:00" },
};

test("B08, P16: activities are shown to their person, and erased but for what counts", async () => {
  const { bus, aKept } = await start();
  const who = present();
  const { id, customerId } = await aKept();
  const saved = await bus.call("cases.saveActivity", { id, answers }, who);
  const subject = { customerIds: [customerId], addresses: [] };
  const second = Buffer.from("[1,null]").toString("base64url");

  const shown = await bus.call("cases.personalData", { subject, cursor: second });
  const erased = await bus.call("cases.erasePersonalData", { subject, cursor: second });
  const again = await bus.call("cases.erasePersonalData", { subject, cursor: second });

  expect(shown).toMatchObject({ kind: "activity", items: [{ id: saved.id, data: { answers } }] });
  expect(erased).toMatchObject({ kind: "activity", ids: [saved.id], changed: 1 });
  expect(erased.traces).toBeGreaterThan(0);
  expect(again).toMatchObject({ ids: [saved.id], changed: 0, traces: 0 });
  const { answers: _gone, ...left } = saved;
  const whole = await bus.call("cases.getActivity", { id, activityId: saved.id }, who);
  expect(whole).toMatchObject({ ...left, erasedAt: expect.any(Date) });
  expect(whole).not.toHaveProperty("answers");
  const { items } = await bus.call("cases.listActivities", { id }, who);
  expect(items[0]).toMatchObject({ disposition: "Solved", nextActionAt: saved.nextActionAt });
  expect(items[0]).not.toHaveProperty("observations");
});

test("F037, B08: with another customer a case keeps its place in line, and its activities follow", async () => {
  const customers = standIn("customers", {
    describe: ({ params: { ids } }) => ids.map((id) => ({ id, name: "Grace Hopper" })),
  });
  const { bus, aKept } = await start({ others: [customers] });
  const who = present();
  const assigneeId = String(who.meta.actor?.id);
  const kase = await aKept({ status: "open", assigneeId });
  const saved = await bus.call("cases.saveActivity", { id: kase.id, answers }, who);
  const customerId = newId();

  const asked = { id: kase.id, version: 2, customerId };
  await bus.call("cases.replaceCustomer", asked, who);

  const found = await ofCasesOf(store.activities, [customerId], { limit: 5 });
  expect(found.items.map(({ _id }) => _id)).toEqual([saved.id]);
  const pending = await bus.call("cases.listPending", {}, who);
  expect(pending.items.map(({ id }) => id)).toEqual([kase.id]);
  const planned = await bus.call("cases.listAgenda", {}, who);
  expect(planned.items.map((item) => item.case?.id)).toEqual([kase.id]);
});

test("F094: the activities of a case that is merged into another are found there", async () => {
  const { bus, aKept } = await start();
  const who = present();
  const [absorbed, survivor] = [await aKept(), await aKept()];
  const saved = await bus.call("cases.saveActivity", { id: absorbed.id, answers }, who);

  const moved = await transaction("cases", (session) =>
    store.moveToCase(absorbed.id, survivor.id, session),
  );

  expect(moved).toBe(1);
  const { items } = await bus.call("cases.listActivities", { id: survivor.id }, who);
  expect(items.map(({ id }) => id)).toEqual([saved.id]);
  const left = await bus.call("cases.listActivities", { id: absorbed.id }, who);
  expect(left.items).toEqual([]);
});

test("F174, F108: nothing is planned on a case that is closed", () => {
  const kase = aCase({ status: "open", nextActionAt: new Date("2027-07-01T10:00:00Z") });

  expect(withStatus(kase, "escalated")).toMatchObject({ nextActionAt: kase.nextActionAt });
  expect(withStatus(kase, "closed")).not.toHaveProperty("nextActionAt");
});
