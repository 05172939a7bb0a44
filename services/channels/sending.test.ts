/** Sending from a case: kept, given its place in the conversation, once (F146, F156, F160, B01, D04). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { outgoing } from "./outgoing.store.ts";
import { startSending } from "./sending.samples.ts";
import { interactions } from "./tables.store.ts";

test("F146, F156, F160: what an agent sends is in the conversation at once, and waits to go out", async () => {
  const { bus, world, channel, agent, send } = await startSending();

  const sent = await send({ text: "Good\nday" });
  const conversation = await bus.call("channels.conversation", { caseId: world.caseId });

  expect(sent).toMatchObject({
    ...{ seq: 1, caseId: world.caseId, caseNumber: 1042, channelId: channel.id },
    ...{ direction: "outbound", kind: "message", state: "queued", text: "Good\nday" },
    ...{ to: world.points.mobile.value, toType: "mobile", author: agent.meta.actor?.id },
  });
  expect(conversation.items).toEqual([sent]);
  expect((await announced("channels", "interactions.queued")).at(-1)).toMatchObject({
    actor: { kind: "user", id: agent.meta.actor?.id },
    key: world.caseId,
    data: { id: sent.id, caseId: world.caseId, channelType: "whatsapp", kind: "message" },
  });
});

test("B01: the same command twice sends once, also where cases was away the first time", async () => {
  const { world, agent, send, read } = await startSending();
  const who = { meta: { ...agent.meta, commandId: newId() } };
  world.isAway = true;

  const first = await send({}, who);
  world.isAway = false;
  const second = await send({}, who);
  const third = await send({}, who);

  expect(first).toMatchObject({ state: "queued" });
  expect(first).not.toHaveProperty("seq");
  expect([second.id, third.id]).toEqual([first.id, first.id]);
  expect(second).toMatchObject({ seq: 1, state: "queued" });
  expect(await read(first.id)).toMatchObject({ seq: 1 });
  expect(world.filed).toEqual([first.id]);
});

test("F160: what a crash or an absent neighbour left without a place gets it by itself", async () => {
  const { bus, world, agent, send } = await startSending();
  world.isAway = true;
  const { id } = await send();
  world.isAway = false;
  await outgoing.native().updateOne({ _id: id }, { $set: { nextAt: new Date(0) } });

  const placed = await until(async () => {
    const found = await bus.call("channels.getInteraction", { id }, agent);
    return found.seq === undefined ? undefined : found;
  });

  expect(placed).toMatchObject({ seq: 1, state: "queued" });
});

test("D04: a case that is closed, or is closed meanwhile, sends nothing", async () => {
  const { world, agent, send } = await startSending();
  world.isClosed = true;
  await expect(send()).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
  world.isClosed = false;
  world.isAway = true;
  const who = { meta: { ...agent.meta, commandId: newId() } };
  const { id } = await send({}, who);
  [world.isAway, world.isClosed] = [false, true];

  await expect(send({}, who)).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
  await expect(send({}, who)).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });

  expect(await interactions.native().countDocuments({ _id: id })).toBe(0);
  expect(await outgoing.native().countDocuments({ _id: id })).toBe(0);
});

test("F160, D04: what was kept while cases was away, and found its case closed, is seen as failed", async () => {
  const { bus, world, agent, send } = await startSending();
  world.isAway = true;
  const { id } = await send();
  [world.isAway, world.isClosed] = [false, true];
  await outgoing.native().updateOne({ _id: id }, { $set: { nextAt: new Date(0) } });

  const failed = await until(async () => {
    const found = await bus.call("channels.getInteraction", { id }, agent);
    return found.state === "failed" ? found : undefined;
  });

  expect(failed.failure).toContain("closed");
  await expect(bus.call("channels.getInteraction", { id }, as("agent"))).rejects.toMatchObject({
    code: 404,
  });
});
