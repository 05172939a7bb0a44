/** By which channels is sent from a case, to whom and what fits (F147-F150, F157-F159, D05, D08, D22). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { as } from "#shared/testing/bus.ts";
import { markDeletedInCase } from "./of-customer.store.ts";
import { startSending } from "./sending.samples.ts";

const refusedAt = (path: string) => ({
  code: 422,
  data: { errors: [expect.objectContaining({ path })] },
});

test("F147, F149, F026: offered are the campaign's channels that send, each with the contact points that fit", async () => {
  const { bus, world, channel, make, agent } = await startSending();
  await make({ direction: "inbound" });
  await make({ enabled: false });
  const { id: foreign } = await make();
  world.channelIds = world.channelIds.filter((one) => one !== foreign);

  const offered = await bus.call("channels.listOutboundChannels", { id: world.caseId }, agent);

  expect(offered).toMatchObject({
    allowOtherContactPoints: false,
    items: [
      {
        id: channel.id,
        type: "whatsapp",
        capabilities: { maxLength: 4_096, subject: false },
        contactPoints: [{ id: world.points.mobile.id, blocked: false }],
      },
    ],
  });
  expect(offered.items).toHaveLength(1);
});

test("F148, D05, D08: with onlyAssignedChannels agents send by their own channels, others by all", async () => {
  const { bus, world, channel, make, agent, send } = await startSending();
  const other = await make();
  world.options = { onlyAssignedChannels: true };
  world.agents = [{ userId: String(agent.meta.actor?.id), channelIds: [channel.id] }];
  const supervisor = as("supervisor");
  const offeredTo = async (who: typeof agent) => {
    const { items } = await bus.call("channels.listOutboundChannels", { id: world.caseId }, who);
    return items.map(({ id }) => id).sort();
  };

  expect(await offeredTo(agent)).toEqual([channel.id]);
  expect(await offeredTo(as("agent"))).toEqual([]);
  expect(await offeredTo(supervisor)).toEqual([channel.id, other.id].sort());
  await expect(send({ channelId: other.id })).rejects.toMatchObject({ code: 403 });
  expect(await send({ channelId: other.id }, supervisor)).toMatchObject({ state: "queued" });
  world.options = { onlyAssignedChannels: false };
  expect(await send({ channelId: other.id })).toMatchObject({ state: "queued" });
});

test("F147: a channel that is another campaign's, disabled, inbound only or without a mail server does not send", async () => {
  const { world, make, send } = await startSending();
  const [disabled, inbound, mail, foreign] = [
    await make({ enabled: false }),
    await make({ direction: "inbound" }),
    await make({ type: "email" }),
    await make(),
  ];
  world.channelIds = world.channelIds.filter((id) => id !== foreign.id);

  for (const { id } of [disabled, inbound, mail]) {
    const refused = { code: 409, type: "CHANNEL_NOT_SENDING", data: { channelId: id } };
    await expect(send({ channelId: id })).rejects.toMatchObject(refused);
  }
  for (const channelId of [foreign.id, newId()]) {
    await expect(send({ channelId })).rejects.toMatchObject(refusedAt("channelId"));
  }
});

test("F149, F026: a message goes to a contact point of the customer that fits, named or typed", async () => {
  const { world, send } = await startSending();
  const { mobile, postal } = world.points;

  const typed = await send({ to: { type: "mobile", value: "0034 600 111 222" } });

  expect(typed.to).toBe(mobile.value);
  const refusals: [object, string][] = [
    [{ contactPointId: newId() }, "contactPointId"],
    [{ contactPointId: postal.id }, "contactPointId.type"],
    [{ contactPointId: undefined }, "contactPointId"],
    [{ contactPointId: mobile.id, to: { type: "mobile", value: mobile.value } }, "to"],
    [{ to: { type: "email", value: "ada@example.com" } }, "to.type"],
    [{ to: { type: "mobile", value: "six hundred" } }, "to.value"],
  ];
  for (const [said, path] of refusals) {
    await expect(send(said)).rejects.toMatchObject(refusedAt(path));
  }
});

test("F150: contact points of others are written to where the campaign allows it, by anybody", async () => {
  const { bus, world, channel, agent, send } = await startSending();
  const to = { type: "mobile", value: "+34600999888" };
  const find = () =>
    bus.call(
      "channels.findOtherContactPoints",
      { id: world.caseId, channelId: channel.id, q: "bea" },
      agent,
    );

  await expect(send({ to })).rejects.toMatchObject(refusedAt("to"));
  await expect(send({ to }, as("administrator"))).rejects.toMatchObject(refusedAt("to"));
  await expect(find()).rejects.toMatchObject({ code: 403 });
  world.options = { allowOtherContactPoints: true };
  const sent = await send({ to });

  expect(sent).toMatchObject({ to: to.value, state: "queued" });
  expect(sent).not.toHaveProperty("otherKeys");
  expect(world.filings.at(-1)).toMatchObject({ takesAnswers: false });
});

test("F025: nobody writes to an address on the block list", async () => {
  const { world, send } = await startSending();
  world.blocked = ["tel:+34600111222"];

  await expect(send()).rejects.toMatchObject({
    code: 409,
    type: "CONTACT_POINT_BLOCKED",
    data: { path: "contactPointId" },
  });
});

test("F157, F158, D22: what a channel cannot carry is refused by its name", async () => {
  const { world, send } = await startSending();
  const aFile = (more: object = {}) => {
    const file = { id: newId(), name: "a.png", contentType: "image/png", size: 10, ...more };
    world.files.push(file);
    return file.id;
  };
  const [first, second, zip, large] = [
    aFile(),
    aFile(),
    aFile({ contentType: "application/zip" }),
    aFile({ size: 50_000_000 }),
  ];

  const sent = await send({ text: undefined, attachmentIds: [first] });

  expect(sent.attachments).toMatchObject([{ id: first, name: "a.png", size: 10 }]);
  const refusals: [object, string][] = [
    [{ subject: "Hello" }, "subject"],
    [{ html: "<p>Hello</p>" }, "html"],
    [{ cc: ["bo@example.com"] }, "cc"],
    [{ bcc: ["bo@example.com"] }, "bcc"],
    [{ addSignature: true }, "addSignature"],
    [{ kind: "call" }, "kind"],
    [{ text: "x".repeat(4_097) }, "text"],
    [{ text: " \n" }, "text"],
    [{ attachmentIds: [first, second] }, "attachmentIds"],
    [{ attachmentIds: [newId()] }, "attachmentIds[0]"],
    [{ attachmentIds: [zip] }, "attachmentIds[0]"],
    [{ attachmentIds: [large] }, "attachmentIds"],
    [{ inReplyTo: newId() }, "inReplyTo"],
  ];
  for (const [said, path] of refusals) {
    await expect(send(said)).rejects.toMatchObject(refusedAt(path));
  }
});

test("F159, D21: a telephony channel makes calls and sends no messages", async () => {
  const { world, send } = await startSending("telephony");

  const call = await send();

  expect(call).toMatchObject({ kind: "call", state: "queued", to: world.points.mobile.value });
  await expect(send({ kind: "message", text: "x" })).rejects.toMatchObject(refusedAt("kind"));
  world.files.push({ id: "a", name: "a.wav", contentType: "audio/wav", size: 1 });
  await expect(send({ attachmentIds: ["a"] })).rejects.toMatchObject(refusedAt("attachmentIds"));
});

test("D16: a file of the case that was sent and then deleted is marked in the conversation", async () => {
  const { world, send, read } = await startSending();
  world.files.push({ id: newId(), name: "a.png", contentType: "image/png", size: 1 });
  const { id } = await send({ attachmentIds: [world.files[0]!.id] });
  const deleted = { id: world.files[0]!.id, deletedAt: new Date(), deletedBy: "bo" };

  await transaction("channels", (session) => markDeletedInCase(world.caseId, deleted, session));

  expect((await read(id)).attachments).toMatchObject([deleted]);
});
