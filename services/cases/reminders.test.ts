/** Reminders of next actions: once, some time before, for who has the case then (F175, P13). */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { start } from "./activities.samples.ts";
import { handOver } from "./assigning.store.ts";
import * as cases from "./cases.store.ts";
import { keepEdited } from "./editing.ts";
import { stamped, withStatus } from "./life.rules.ts";
import { idOf } from "./presence.samples.ts";
import { reminderAfter } from "./reminders.rules.ts";
import { aCase } from "./a-case.ts";

const minutes = (count: number) => new Date(Date.now() + count * 60_000);

/** The answers that plan a next action, in UTC and to the minute. */
const planning = (at: Date) => ({
  nextActionDate: at.toISOString().slice(0, 10),
  nextActionTime: at.toISOString().slice(11, 16),
});

const remindersOf = async (caseId: string) =>
  (await announced("cases", "cases.reminderDue")).filter(({ data }) => data.id === caseId);

/** So that what was due before has been told of: a case whose reminder is due now, and told. */
async function allTold({ bus, aKept }: Awaited<ReturnType<typeof start>>): Promise<void> {
  const who = as("agent");
  const { id } = await aKept({ assigneeId: idOf(who) });
  await bus.call("cases.saveActivity", { id, answers: planning(minutes(14)) }, who);
  await until(async () => (await remindersOf(id)).length > 0);
}

test("F175, F232: who has the case is reminded a quarter of an hour before, once", async () => {
  const world = await start();
  const { bus, aKept } = world;
  const [who, other] = [as("agent"), as("agent")];
  const { id } = await aKept({ assigneeId: idOf(who) });
  const distant = await aKept({ assigneeId: idOf(who) });
  await bus.call("cases.saveActivity", { id: distant.id, answers: planning(minutes(60)) }, who);

  const saved = await bus.call("cases.saveActivity", { id, answers: planning(minutes(10)) }, other);

  await until(async () => (await remindersOf(id)).length > 0);
  await bus.call("cases.change", { id, version: 2, priority: "high" }, who);
  await allTold(world);
  expect((await remindersOf(id)).map(({ data }) => data)).toEqual([
    { id, activityId: saved.id, userId: idOf(who), dueAt: saved.nextActionAt },
  ]);
  expect(await remindersOf(distant.id)).toEqual([]);
  expect(await bus.call("cases.get", { id }, who)).not.toHaveProperty("reminderFor");
});

test("F175: nobody is reminded of what was replaced, closed, past when it was planned, or is nobody's", async () => {
  const world = await start();
  const { bus, aKept } = world;
  const who = as("agent");
  const assigneeId = idOf(who);
  const planned = async (said: Partial<Case>, at: Date) => {
    const { id } = await aKept({ status: "open", ...said });
    await bus.call("cases.saveActivity", { id, answers: planning(at) }, who);
    return cases.get(id, {});
  };
  const replaced = await planned({ assigneeId }, minutes(60));
  const closed = await planned({ assigneeId }, minutes(60));
  const past = await planned({ assigneeId }, minutes(-5));
  const free = await planned({}, minutes(10));

  await bus.call("cases.saveActivity", { id: replaced.id, answers: {} }, who);
  const after = stamped(withStatus(closed, "closed"), { at: new Date(), by: assigneeId });
  await write("cases", who, (tx) => keepEdited(tx, [{ before: closed, after }]));

  await allTold(world);
  for (const { id } of [replaced, closed, past, free]) expect(await remindersOf(id)).toEqual([]);
});

test("F175: who gets the case is reminded, also of what somebody else was reminded of", async () => {
  const { bus, aKept } = await start();
  const [one, other] = [as("agent"), as("agent")];
  const { id } = await aKept({ status: "open", assigneeId: idOf(one) });
  await bus.call("cases.saveActivity", { id, answers: planning(minutes(10)) }, one);
  await until(async () => (await remindersOf(id)).length === 1);

  const give = async (assigneeId: string | undefined) => {
    const kase = await cases.get(id, {});
    const stamp = { at: new Date(), by: "system" };
    await write("cases", one, (tx) => handOver(tx, [{ kase, assigneeId, how: "route" }], stamp));
  };
  await give(undefined);
  await give(idOf(other));

  await until(async () => (await remindersOf(id)).length === 2);
  expect((await remindersOf(id)).map(({ data }) => data.userId)).toEqual([idOf(one), idOf(other)]);
});

test("F175: a reminder goes with the next action, the assignee and the end of the case", () => {
  const nextActionAt = minutes(60);
  const kase = aCase({ status: "open", assigneeId: newId(), updatedAt: new Date() });
  const planned = { ...kase, nextActionAt };
  const { assigneeId: _nobody, ...free } = planned;

  expect(reminderAfter(kase, planned)).toEqual({ reminderFor: nextActionAt });
  expect(reminderAfter(planned, { ...planned, priority: "high" })).toEqual({});
  expect(reminderAfter(planned, { ...planned, assigneeId: newId() })).toEqual({
    reminderFor: nextActionAt,
  });
  expect(reminderAfter(free, planned)).toEqual({ reminderFor: nextActionAt });
  expect(reminderAfter(planned, free)).toEqual({ reminderFor: null });
  expect(reminderAfter(planned, kase)).toEqual({ reminderFor: null });
  expect(reminderAfter(planned, { ...planned, status: "closed" })).toEqual({ reminderFor: null });
  expect(reminderAfter(kase, { ...planned, updatedAt: nextActionAt })).toEqual({
    reminderFor: null,
  });
});
