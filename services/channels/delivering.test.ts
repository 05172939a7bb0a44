/** Connectors take what is to be sent, and tell how far it came (D21, F139, P5). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { mostLeases } from "./delivery.store.ts";
import { outgoing } from "./outgoing.store.ts";
import { startSending } from "./sending.samples.ts";
import { interactions } from "./tables.store.ts";

/** The lease of what was taken is over. */
const expire = (id: string, more: object = {}) =>
  outgoing.native().updateOne({ _id: id }, { $set: { nextAt: new Date(0), ...more } });

test("D21: a connector gets what is to be sent, oldest first, each once while it has it", async () => {
  const { send, take, read } = await startSending();
  const [first, second, third] = [await send(), await send(), await send()];

  const taken = await take(2);
  const rest = await take();
  const none = await take();

  expect(taken.items).toMatchObject([
    { interaction: { id: first.id, text: "Good day", to: "+34600111222" }, attempt: 1 },
    { interaction: { id: second.id } },
  ]);
  expect(taken.items[0]!.leasedUntil.getTime()).toBeGreaterThan(Date.now());
  expect(rest.items.map(({ interaction }) => interaction.id)).toEqual([third.id]);
  expect(none.items).toEqual([]);
  expect(await read(first.id)).toMatchObject({ state: "sending" });
});

test("D21: many who take at the same moment each get what no other got", async () => {
  const { send, take } = await startSending();
  const sent = await Promise.all(Array.from({ length: 12 }, () => send()));

  const taken = await Promise.all(Array.from({ length: 6 }, () => take(5)));

  const ids = taken.flatMap(({ items }) => items.map(({ interaction }) => interaction.id));
  expect(new Set(ids).size).toBe(ids.length);
  const left = await take();
  expect(ids.length + left.items.length).toBe(sent.length);
});

test("P5: without a word it is handed out again under the same id, and in the end a person has to look", async () => {
  const { send, take, read, report } = await startSending();
  const { id } = await send();
  await take();
  await expire(id);

  const again = await take();
  await expire(id, { attempts: mostLeases });

  expect(again.items).toMatchObject([{ interaction: { id }, attempt: 2 }]);
  expect((await take()).items).toEqual([]);
  const ended = await until(async () => {
    const found = await read(id);
    return found.state === "uncertain" ? found : undefined;
  });
  expect(ended.failure).toContain("connector");
  expect((await announced("channels", "interactions.undelivered")).at(-1)?.data).toMatchObject({
    ...{ id, state: "uncertain" },
  });
  // its word counts, however late
  const late = await report({ interactionId: id, state: "sent" });
  expect(late.items).toEqual([{ interactionId: id, outcome: "applied", state: "sent" }]);
  expect(await read(id)).not.toHaveProperty("failure");
});

test("F139: receipts lead forward only, in any order, and twice is as once", async () => {
  const { send, take, read, report } = await startSending();
  const { id, at } = await send();
  await take();
  const tell = async (state: string, more: object = {}) => {
    const { items } = await report({ interactionId: id, state, ...more });
    return items[0]!.outcome;
  };

  const outcomes = [
    await tell("sent", { externalId: `wamid-${id}`, at: new Date(0) }),
    await tell("sent"),
    await tell("read", { at: new Date(Date.now() + 3_600_000) }),
    await tell("delivered"),
    await tell("failed", { reason: "Too late" }),
    await tell("read"),
  ];

  expect(outcomes).toEqual([
    ...["applied", "unchanged", "applied", "unchanged", "unchanged", "unchanged"],
  ]);
  const found = await read(id);
  expect(found).toMatchObject({ state: "read", externalId: `wamid-${id}`, sentAt: at });
  expect(found.readAt!.getTime()).toBeLessThanOrEqual(Date.now());
  expect(found.deliveredAt).toEqual(found.readAt);
  expect(await outgoing.native().countDocuments({ _id: id })).toBe(0);
  const told = await announced("channels", "interactions.sent");
  expect(told.filter(({ data }) => data.id === id)).toHaveLength(1);
});

test("F139: one receipt may be the first and the last that is heard; it has left all the same", async () => {
  const { send, report } = await startSending();
  const { id } = await send();

  await report({ interactionId: id, state: "read" });

  const names = ["interactions.sent", "interactions.read"] as const;
  for (const name of names) {
    const told = await announced("channels", name);
    expect(told.filter(({ data }) => data.id === id)).toHaveLength(1);
  }
});

test("D21: several receipts come together, of one message and of many; of others' it knows nothing", async () => {
  const { bus, make, send, report, world } = await startSending();
  const [first, second] = [await send(), await send()];
  const foreign = await make();
  const { id: other } = await send({ channelId: foreign.id });
  const inbound = { _id: newId(), channelId: foreign.id, campaignId: world.campaignId };
  await interactions.native().insertOne({
    ...{ ...inbound, direction: "inbound", kind: "message", state: "filed", attachments: [] },
    ...{ from: { type: "mobile", value: "+34600111222" }, at: new Date() },
  });

  const { items } = await report(
    { interactionId: first.id, state: "sent" },
    { interactionId: second.id, state: "failed", reason: "Unknown number" },
    { interactionId: first.id, state: "delivered" },
    { interactionId: other, state: "sent" },
    { interactionId: inbound._id, state: "sent" },
    { interactionId: newId(), state: "sent" },
  );

  expect(items.map(({ outcome, state }) => [outcome, state])).toEqual([
    ["applied", "sent"],
    ["applied", "failed"],
    ["applied", "delivered"],
    ...Array.from({ length: 3 }, () => ["unknown", undefined]),
  ]);
  const failed = await bus.call("channels.getInteraction", { id: second.id }, as("administrator"));
  expect(failed).toMatchObject({ state: "failed", failure: "Unknown number" });
});

test("B01: what a connector reports of a message that it was itself given joins it, and opens nothing", async () => {
  const { bus, channel, send, report } = await startSending();
  const { id, caseId } = await send();
  await report({ interactionId: id, state: "sent", externalId: "wamid-1" });

  const echoed = await bus.call("channels.receive", {
    ...{ id: channel.id, externalId: "wamid-1", text: "Good day" },
    from: { type: "mobile", value: "+34600111222" },
  });

  expect(echoed).toMatchObject({ interactionId: id, state: "filed", duplicate: true });
  expect(echoed.case).toMatchObject({ id: caseId });
});

test("D21: an external id that another message has leaves the receipt as it is without it", async () => {
  const { send, report, read } = await startSending();
  const [first, second] = [await send(), await send()];

  await report({ interactionId: first.id, state: "sent", externalId: "same" });
  await report({ interactionId: second.id, state: "sent", externalId: "same" });

  expect(await read(second.id)).toMatchObject({ state: "sent" });
  expect(await read(second.id)).not.toHaveProperty("externalId");
});

test("P5: what failed or is uncertain is sent again by a person only, and anew", async () => {
  const { bus, world, agent, send, take, report, read } = await startSending();
  const { id } = await send();
  const resend = (which = id) => bus.call("channels.resend", { id: which }, agent);
  const notYet = { code: 409, type: "INTERACTION_NOT_RESENDABLE" };
  await expect(resend()).rejects.toMatchObject(notYet);
  await take();
  await report({ interactionId: id, state: "failed", reason: "Down" });

  world.isClosed = true;
  await expect(resend()).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
  world.isClosed = false;
  const again = await resend();

  expect(again).toMatchObject({ id, state: "queued", seq: 1 });
  expect(again).not.toHaveProperty("failure");
  expect((await take()).items).toMatchObject([{ interaction: { id }, attempt: 1 }]);
  await report({ interactionId: id, state: "sent" });
  expect(await read(id)).toMatchObject({ state: "sent" });
  await expect(resend()).rejects.toMatchObject(notYet);
  await expect(resend(newId())).rejects.toMatchObject({ code: 404 });
  expect((await announced("channels", "interactions.resent")).at(-1)).toMatchObject({
    actor: { id: agent.meta.actor?.id },
    changes: [{ field: "state", old: "failed", new: "queued" }],
  });
});

test("F157: a connector reads the files of its own messages, and no others", async () => {
  const { bus, world, channel, make, send } = await startSending();
  const file = { id: newId(), name: "a.png", contentType: "image/png", size: 1 };
  world.files.push(file);
  const { id: interactionId } = await send({ attachmentIds: [file.id] });
  const { id: without } = await send();
  const foreign = await make();
  const open = (asked: object = {}) =>
    bus.call("channels.openOutboundFile", {
      ...{ id: channel.id, interactionId, fileId: file.id, ...asked },
    });

  expect(await open()).toMatchObject(file);
  const strange = [
    { fileId: newId() },
    { interactionId: without },
    { interactionId: newId() },
    { id: foreign.id },
  ];
  for (const asked of strange) await expect(open(asked)).rejects.toMatchObject({ code: 404 });
});

test("B08: what was to go to a person who was erased does not go out", async () => {
  const { bus, world, send, take, read } = await startSending();
  const { id } = await send();
  const subject = { customerIds: [world.customerId], addresses: [] };
  await bus.call("channels.erasePersonalData", { subject });

  const taken = await take();

  expect(taken.items).toEqual([]);
  expect(await read(id)).toMatchObject({ state: "failed", erasedAt: expect.any(Date) });
});
