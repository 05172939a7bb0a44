/** Sending from a case, through the gateway: by e-mail and by a connector, by every role (F146-F160). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { aMessage, expected, post } from "../system/system.ts";
import { startOutbound, type Outbound, type Sent } from "./outbound.ts";
import type { Outcome } from "./world.ts";

let desk: Outbound;
beforeAll(async () => {
  desk = await startOutbound();
}, 120_000);
afterAll(() => desk.stop());

test("F135, F136, F133, D01: a follow-up e-mail is part of the case, files it as followed up, and its answer joins it", async () => {
  const { team, mails, mail, aCase, sendFrom, conversationOf, become } = desk;
  const { id, number, address, emailId, customerId } = await aCase();
  const followed = async (followUp: string) => {
    const path = `/cases?customerId=${customerId}&followUp=${followUp}`;
    const { items } = expected(await team.ask("GET", path, team.agent), 200).json<{
      items: { id: string }[];
    }>();
    return items.map((one) => one.id);
  };
  expect([await followed("pending"), await followed("sent")]).toEqual([[id], []]);

  const body = { channelId: mail.id, contactPointId: emailId, subject: "Your order", text: "Sent" };
  const sent = expected(await sendFrom(id, body), 201).json<Sent>();
  const letter = await until(async () => (await mails.lettersTo(address))[0]);
  await become(sent.id, "sent");
  await until(async () => (await followed("sent")).length === 1);
  const answer = await post(
    team.system.http,
    { ...team.inbox, channelId: mail.id, key: mail.key },
    {
      ...aMessage({ from: { type: "email", value: address }, inReplyTo: letter.messageId }),
    },
  );

  expect(sent).toMatchObject({ direction: "outbound", kind: "message", seq: 2, caseId: id });
  expect(letter).toMatchObject({
    subject: "Your order",
    messageId: `<${sent.id}@casewire.example>`,
  });
  expect(letter.from?.text).toBe("support@casewire.example");
  expect(await followed("pending")).toEqual([]);
  expect(expected(answer, 201).json<Outcome>().case).toMatchObject({ number, isNew: false });
  const directions = (await conversationOf(id)).map(({ direction }) => direction);
  expect(directions).toEqual(["inbound", "outbound", "inbound"]);
}, 60_000);

test("F146, F157, F139: a connector takes a message with its file, and tells how far it came", async () => {
  const { team, chat, aCase, sendFrom, conversationOf } = desk;
  const { id, chatPointId } = await aCase();
  const file = await team.system.http("POST", `/api/v1/cases/${id}/attachments?name=a.txt`, {
    token: team.agent.token,
    headers: { "content-type": "application/octet-stream" },
    body: "hello",
  });
  const { id: fileId } = expected(file, 201).json<{ id: string }>();
  const body = { channelId: chat.id, contactPointId: chatPointId, text: "See here" };
  const asked = { ...body, attachmentIds: [fileId] };
  const key = { "idempotency-key": randomUUID() };
  const sent = expected(await sendFrom(id, asked, team.agent, key), 201).json<Sent>();
  const again = expected(await sendFrom(id, asked, team.agent, key), 201);
  expect(again.json<Sent>().id).toBe(sent.id);

  const path = `/channels/${chat.id}/outbound`;
  const taken = expected(await team.ask("GET", path, { token: chat.key }), 200).json<{
    items: { interaction: Sent }[];
  }>();
  const own = taken.items.filter(({ interaction }) => interaction.id === sent.id);
  const bytes = await team.ask("GET", `${path}/${sent.id}/files/${fileId}`, {
    token: chat.key,
  });
  const receipts = [
    { interactionId: sent.id, state: "sent", externalId: `chat-${sent.id}` },
    { interactionId: sent.id, state: "read" },
  ];
  const told = await team.ask(
    ...(["POST", `/channels/${chat.id}/receipts`] as const),
    { token: chat.key },
    { receipts },
  );

  expect(own).toHaveLength(1);
  expect(bytes).toMatchObject({ status: 200, text: "hello" });
  expect(expected(told, 200).json()).toMatchObject({
    items: [{ outcome: "applied" }, { outcome: "applied", state: "read" }],
  });
  expect((await conversationOf(id)).at(-1)).toMatchObject({
    ...{ id: sent.id, state: "read", readAt: expect.any(String), author: team.agent.id },
  });
});

test("F147, F148, F150, D05: each role sends as the campaign's options say", async () => {
  const { team, mail, aCase, offer, options, sendFrom } = desk;
  const { id, emailId } = await aCase();
  const { agent, supervisor, administrator } = team;
  const body = { channelId: mail.id, contactPointId: emailId, subject: "x", text: "y" };
  const stranger = {
    ...body,
    contactPointId: undefined,
    to: { type: "email", value: "z@example.com" },
  };
  const types = async (by: { token: string }) =>
    (await offer(id, by)).items.map(({ type }) => type).sort();
  expect(await types(agent)).toEqual(["email", "webchat"].sort());

  await options({ onlyAssignedChannels: true, allowOtherContactPoints: false });
  expect(await types(agent)).toEqual(["webchat"]);
  expect(await types(supervisor)).toEqual(["email", "webchat"].sort());
  expect((await sendFrom(id, body)).status).toBe(403);
  for (const who of [supervisor, administrator]) {
    expected(await sendFrom(id, body, who), 201);
    expect((await sendFrom(id, stranger, who)).status).toBe(422);
  }
  const find = `/cases/${id}/other-contact-points?channelId=${mail.id}&q=example`;
  expect((await team.ask("GET", find, supervisor)).status).toBe(403);
  await options({ onlyAssignedChannels: false, allowOtherContactPoints: true });
  expected(await sendFrom(id, stranger), 201);
  const other = await aCase();
  const found = expected(
    await team.ask("GET", find.replace("q=example", `q=${other.address.slice(0, 12)}`), agent),
    200,
  ).json<{ items: object[] }>();
  expect(found.items).toContainEqual(
    expect.objectContaining({ customerId: other.customerId, value: other.address }),
  );
  await options({ allowOtherContactPoints: false });
});

test("F163, F151: what is sent clears its draft, and has the signature of who sends", async () => {
  const { team, mails, mail, aCase, sendFrom } = desk;
  const { id, emailId, address } = await aCase();
  const draft = `/cases/${id}/drafts/message`;
  expected(await team.ask("PUT", draft, team.agent, { content: "half" }), 200);
  expected(await team.ask("PATCH", "/me", team.agent, { signature: "<b>Bo</b>" }), 200);
  const body = { channelId: mail.id, contactPointId: emailId, subject: "x", addSignature: true };

  expected(await sendFrom(id, { ...body, html: "<p>Hello</p>" }), 201);

  expect((await team.ask("GET", draft, team.agent)).status).toBe(404);
  const letter = await until(async () => (await mails.lettersTo(address))[0]);
  expect(letter.html).toContain("<p>Hello</p><br /><br /><b>Bo</b>");
});

test("F146, D04: bad input, closed cases and strangers are refused, and connectors see only their own", async () => {
  const { team, chat, mail, aCase, sendFrom } = desk;
  const { id, emailId } = await aCase();
  const body = { channelId: mail.id, contactPointId: emailId, subject: "x", text: "y" };
  const sent = expected(await sendFrom(id, body), 201).json<Sent>();
  const by = { token: chat.key };
  const receipt = { receipts: [{ interactionId: sent.id, state: "sent" }] };

  const refusals = await Promise.all([
    sendFrom(id, { ...body, subject: "x\r\nBcc: z@example.com" }),
    sendFrom(id, { ...body, more: 1 }),
    sendFrom(id, { ...body, text: { $ne: 1 } }),
    sendFrom(id, { ...body, cc: Array.from({ length: 21 }, () => "a@example.com") }),
    sendFrom(id, body, team.stranger),
    sendFrom(randomUUID(), body),
    sendFrom(id, body, by),
    team.ask("GET", `/channels/${chat.id}/outbound`, team.system),
    team.ask("GET", `/channels/${mail.id}/outbound`, by),
    team.ask("POST", `/channels/${mail.id}/receipts`, by, receipt),
    team.ask("POST", `/channels/${chat.id}/receipts`, by, { receipts: [] }),
    team.ask("GET", `/channels/${chat.id}/outbound/${sent.id}/files/x`, by),
    team.ask("POST", `/interactions/${sent.id}/resend`, team.stranger),
    team.ask("GET", `/cases/${id}/outbound-channels`, team.stranger),
    team.ask("GET", "/cases?followUp=maybe", team.agent),
  ]);
  const foreign = await team.ask("POST", `/channels/${chat.id}/receipts`, by, receipt);
  expected(await team.ask("POST", `/cases/${id}/close`, team.agent, {}), 200);
  const late = await sendFrom(id, body);

  expect(refusals.map(({ status }) => status)).toEqual([
    ...[422, 422, 422, 422, 404, 404, 403],
    ...[403, 404, 404, 422, 404, 404, 404, 422],
  ]);
  expect(foreign.json()).toMatchObject({ items: [{ outcome: "unknown" }] });
  expect(late).toMatchObject({ status: 409 });
  expect(late.json()).toMatchObject({ code: "CASE_CLOSED" });
});
