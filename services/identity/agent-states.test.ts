import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { takenIn } from "#shared/testing/events.ts";
import { until } from "#shared/testing/until.ts";
import { note, present, startTelling, statesOf, campaignsOf } from "./agents.samples.ts";
import { aUser, signIn } from "./builders.ts";
import identity from "./identity.service.ts";

const admin = as("administrator");

let bus: Broker;
let agent: Awaited<ReturnType<typeof present>>;
beforeEach(async () => {
  bus = await startBus(identity, campaignsOf({}));
  agent = await present(bus);
});

const state = async () => (await bus.call("identity.getState", {}, agent.caller)).state;
const set = (state: string, reason?: string) =>
  bus.call("identity.setState", { state, ...(reason ? { reason } : {}) } as never, agent.caller);
const enter = (version: number, ...caseIds: string[]) =>
  note(
    bus,
    agent.id,
    version,
    caseIds.map((caseId) => ({ caseId, sessionId: agent.sessionId })),
  );

test("D10, F228: signing in makes available, and is told", async () => {
  const own = await bus.call("identity.getState", {}, agent.caller);

  expect(own).toEqual({ userId: agent.id, state: "available", since: expect.any(Date) });
  const [event] = (await announced("identity", "identity.agentStateChanged")).filter(
    ({ data }) => data.userId === agent.id,
  );
  expect(event).toMatchObject({
    aggregate: { kind: "agent", id: agent.id, version: 1 },
    actor: { kind: "user", id: agent.id },
    changes: [{ field: "state", old: "offline", new: "available" }],
    data: { state: "available" },
  });
});

test("G19: a user pauses with a reason, wraps up, and is available again", async () => {
  await set("paused", "lunch");
  await set("wrapUp");
  await set("available");
  await set("available");

  expect(await statesOf(agent.id)).toEqual(["available", "paused lunch", "wrapUp", "available"]);
});

test.each([
  ["paused", undefined, "reason", "required"],
  ["paused", "gone-fishing", "reason", "unknown"],
  ["paused", "Not A Code", "reason", "stringPattern"],
  ["available", "lunch", "reason", "exclusive"],
  ["busy", undefined, "state", "enumValue"],
  ["offline", undefined, "state", "enumValue"],
])("G19: %s with the reason %s is refused at %s", async (wanted, reason, path, code) => {
  await expect(set(wanted, reason)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path, code }] },
  });
  expect(await state()).toBe("available");
});

test("F077-F079, D11: entered cases make busy until the last is left; no state is set meanwhile", async () => {
  await enter(1, "a");
  await enter(2, "a", "b");
  const refused = set("paused", "lunch");
  await expect(refused).rejects.toMatchObject({
    code: 409,
    type: "BUSY",
    data: { caseIds: ["a", "b"] },
  });
  await enter(3, "b");
  expect(await state()).toBe("busy");
  await enter(4);

  expect(await statesOf(agent.id)).toEqual(["available", "busy", "available"]);
  expect(await state()).toBe("available");
});

test("D11: of the events and the call that tell the same, one has an effect", async () => {
  const tell = await startTelling();
  const data = { userId: agent.id, id: "a", campaignId: newId(), sessionId: agent.sessionId };
  const entered = [{ caseId: "a", sessionId: agent.sessionId }];
  await enter(1, "a");
  await enter(2);

  await tell("cases.entered", { ...data, entered, enteredVersion: 1 });
  await tell("cases.left", { ...data, entered: [], enteredVersion: 2, because: "exit" });
  await takenIn("identity", "cases.left");
  await takenIn("identity", "cases.entered");

  expect(await statesOf(agent.id)).toEqual(["available", "busy", "available"]);
});

test("D11, F109: the events alone do", async () => {
  const tell = await startTelling();
  const data = { userId: agent.id, id: "a", campaignId: newId(), sessionId: agent.sessionId };
  const entered = [{ caseId: "a", sessionId: agent.sessionId }];

  await tell("cases.entered", { ...data, entered, enteredVersion: 1 });
  await until(async () => (await state()) === "busy");
  await tell("cases.left", { ...data, entered: [], enteredVersion: 2, because: "closed" });
  await until(async () => (await state()) === "available");
});

test("D11: what is entered in a session that is over is to be left", async () => {
  const sessionId = newId();

  await note(bus, agent.id, 1, [{ caseId: "a", sessionId }]);

  expect(await state()).toBe("available");
  const gone = await announced("identity", "identity.disconnected");
  expect(gone.at(-1)).toMatchObject({ key: agent.id, data: { userId: agent.id, sessionId } });
});

test("B10: signing out makes offline at once, and what was entered is to be left", async () => {
  await enter(1, "a");

  await bus.call("identity.signOut", {}, agent.caller);

  await until(async () => (await statesOf(agent.id)).at(-1) === "offline");
  const gone = await announced("identity", "identity.disconnected");
  expect(gone.filter(({ data }) => data.userId === agent.id)).toHaveLength(1);
});

test("B10, D11: with one of two sessions the user stays, and leaves what was entered in the other", async () => {
  const second = await signIn(bus, agent.email);
  await enter(1, "a");

  await bus.call("identity.signOut", {}, agent.caller);
  await until(async () => (await statesOf(agent.id)).at(-1) === "available");

  expect(await statesOf(agent.id)).toEqual(["available", "busy", "available"]);
  await expect(bus.call("identity.verify", { token: second.accessToken })).resolves.toBeDefined();
});

test("B10: who is disabled, or gets another role, is offline", async () => {
  const other = await present(bus);

  await bus.call("identity.changeUser", { id: agent.id, version: 1, disabled: true }, admin);
  await bus.call("identity.changeUser", { id: other.id, version: 1, role: "supervisor" }, admin);

  for (const { id } of [agent, other]) {
    await until(async () => (await statesOf(id)).at(-1) === "offline");
  }
});

test("B01: the same command sets the state once", async () => {
  const meta = { ...agent.caller.meta, commandId: newId() };
  const pause = () => bus.call("identity.setState", { state: "paused", reason: "lunch" }, { meta });

  const first = await pause();
  await set("available");

  expect(await pause()).toEqual(first);
  expect(await state()).toBe("available");
});

test("a connector has no state, and neither has who has not signed in", async () => {
  for (const action of ["identity.getState", "identity.heartbeat"] as const) {
    await expect(bus.call(action, {}, as("connector"))).rejects.toMatchObject({ code: 403 });
    await expect(bus.call(action)).rejects.toMatchObject({ code: 401 });
  }
});

test("D11: users who sign in many times at once are available once", async () => {
  const { id, email } = await aUser(bus);

  await Promise.all(Array.from({ length: 6 }, () => signIn(bus, email)));

  expect(await statesOf(id)).toEqual(["available"]);
});
