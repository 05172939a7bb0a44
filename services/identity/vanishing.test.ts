/** Sessions that show no sign of life are given up after the grace time (D11, B10). */
import { expect, test } from "@jest/globals";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, startBus } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { campaignsOf, note, present, statesOf } from "./agents.samples.ts";
import { signIn } from "./builders.ts";
import identity from "./identity.service.ts";

process.env["PRESENCE_GRACE_SECONDS"] = "2";

const goneOf = async (userId: string) =>
  (await announced("identity", "identity.disconnected")).filter(
    ({ data }) => data.userId === userId,
  );

test("D11, B10: who gives no sign of life is offline after the grace time, once for two that sweep", async () => {
  const bus = await startBus(identity, campaignsOf({}));
  await startBus(identity, campaignsOf({}));
  const { id, sessionId } = await present(bus);
  await note(bus, id, 1, [{ caseId: "a", sessionId }]);
  const before = Date.now();

  await until(async () => (await statesOf(id)).at(-1) === "offline");

  expect(Date.now() - before).toBeGreaterThan(1_000);
  expect(await statesOf(id)).toEqual(["available", "busy", "offline"]);
  expect(await goneOf(id)).toMatchObject([{ data: { userId: id, sessionId } }]);
});

test("D11: heartbeats keep a user there, and so does any other request", async () => {
  const bus = await startBus(identity, campaignsOf({}));
  const [beating, asking, silent] = [await present(bus), await present(bus), await present(bus)];

  await until(
    async () => {
      await bus.call("identity.heartbeat", {}, beating.caller);
      await bus.call("identity.verify", { token: asking.accessToken });
      return (await statesOf(silent.id)).at(-1) === "offline";
    },
    { everyMs: 200 },
  );

  expect(await statesOf(beating.id)).toEqual(["available"]);
  expect(await statesOf(asking.id)).toEqual(["available"]);
});

test("D11, B13: to be verified quietly, as live streams are, is no sign of life", async () => {
  const bus = await startBus(identity, campaignsOf({}));
  const { id, accessToken: token } = await present(bus);

  await until(
    async () => {
      await bus.call("identity.verify", { token, quietly: true });
      return (await statesOf(id)).at(-1) === "offline";
    },
    { everyMs: 200 },
  );

  expect(await statesOf(id)).toEqual(["available", "offline"]);
});

test("D11: who comes back in the same session is available again", async () => {
  const bus = await startBus(identity, campaignsOf({}));
  const { id, caller } = await present(bus);
  await until(async () => (await statesOf(id)).at(-1) === "offline");

  const { state } = await bus.call("identity.getState", {}, caller);

  expect(state).toBe("available");
});

test("D11: entering a case is a sign of life of a session that was given up", async () => {
  const bus = await startBus(identity, campaignsOf({}));
  const { id, sessionId } = await present(bus);
  await until(async () => (await statesOf(id)).at(-1) === "offline");

  await note(bus, id, 1, [{ caseId: "a", sessionId }]);

  expect(await statesOf(id)).toEqual(["available", "offline", "busy"]);
});

test("D11: one of two sessions vanishes, and with it what was entered in it; the user stays", async () => {
  const bus = await startBus(identity, campaignsOf({}));
  const { id, email, sessionId } = await present(bus);
  const { accessToken } = await signIn(bus, email);
  await note(bus, id, 1, [{ caseId: "a", sessionId }]);

  await until(
    async () => {
      await bus.call("identity.verify", { token: accessToken });
      return (await goneOf(id)).length > 0;
    },
    { everyMs: 200 },
  );

  expect(await goneOf(id)).toMatchObject([{ data: { sessionId } }]);
  expect(await statesOf(id)).toEqual(["available", "busy", "available"]);
});

test("D11: what vanished while nobody looked is found by the next one", async () => {
  const bus = await startBus(identity, campaignsOf({}));
  const { id } = await present(bus);
  await bus.stop();
  const other = await startBus(identity, campaignsOf({}));
  const connections = nativeOf<{ _id: string; userId: string }>(
    database("identity"),
    "connections",
  );

  await until(async () => (await connections.countDocuments({ userId: id })) === 0);

  expect((await statesOf(id)).at(-1)).toBe("offline");
  await other.stop();
});
