import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { aMessage, expected, makeInbox, post, type Inbox, type System } from "../system/system.ts";
import { startWorld, type Outcome, type World } from "./world.ts";

let world: World;
let system: System;
let inbox: Inbox;

beforeAll(async () => {
  world = await startWorld();
  ({ system, inbox } = world);
}, 90_000);
afterAll(() => system.stop());

test("F059, F072, F073: a message becomes a case that a signed-in user finds by id and by number", async () => {
  const { case: kase, customer } = await world.send({ subject: "Where is my order?" });

  const byId = expected(await world.get(`/cases/${kase.id}`), 200);
  const byNumber = expected(await world.get(`/cases/${String(kase.number)}`), 200);

  expect(byId.json()).toMatchObject({
    id: kase.id,
    number: kase.number,
    status: "new",
    subject: "Where is my order?",
    customerId: customer.id,
    customerName: "Ada Byron",
    campaignId: inbox.campaignId,
  });
  expect(byNumber.json()).toEqual(byId.json());
});

test("F022, F138: a second message joins the case; the conversation has both, in order", async () => {
  const from = { type: "email", value: `${randomUUID()}@example.com` };
  const first = await world.send({ from, text: "one" });
  const second = await world.send({ from, text: "two" });

  const conversation = expected(await world.get(`/cases/${first.case.id}/conversation`), 200);
  const customer = expected(await world.get(`/customers/${first.customer.id}`), 200);

  expect(second.case).toEqual({ ...first.case, isNew: false });
  expect(second.customer).toEqual({ id: first.customer.id, isNew: false });
  const { items } = conversation.json<{ items: { seq: number; text: string }[] }>();
  expect(items.map(({ seq, text }) => [seq, text])).toEqual([
    [1, "one"],
    [2, "two"],
  ]);
  expect(customer.json()).toMatchObject({ contactPoints: [{ type: "email", value: from.value }] });
});

test("B01: one message many times at once has one effect; a repeat answers 200 as the first did", async () => {
  const message = aMessage();

  const answers = await Promise.all(
    Array.from({ length: 25 }, () => post(system.http, inbox, message)),
  );
  const repeat = await post(system.http, inbox, { ...message, text: "another body" });

  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(24);
  const outcomes = [...answers, repeat].map((answer) => answer.json<Outcome>());
  expect(new Set(outcomes.map(({ interactionId }) => interactionId)).size).toBe(1);
  expect(new Set(outcomes.map(({ case: { id } }) => id)).size).toBe(1);
  expect(repeat.json()).toMatchObject({ duplicate: true });
});

test("B01: a burst of different messages of one new customer opens one case", async () => {
  const from = { type: "mobile", value: `+346${String(Date.now()).slice(-8)}` };

  const outcomes = await Promise.all(Array.from({ length: 30 }, () => world.send({ from })));

  expect(new Set(outcomes.map(({ case: { id } }) => id)).size).toBe(1);
  expect(new Set(outcomes.map(({ customer: { id } }) => id)).size).toBe(1);
  expect(outcomes.filter(({ case: { isNew } }) => isNew)).toHaveLength(1);
});

test("Prefer: respond-async answers 202 on record, with where to look; the case follows", async () => {
  const answer = await post(system.http, inbox, aMessage(), { prefer: "respond-async" });

  expect(answer.status).toBe(202);
  const { interactionId, state } = answer.json<Outcome>();
  expect(state).toBe("received");
  expect(answer.headers.location).toBe(`/api/v1/interactions/${interactionId}`);
  const filed = await until(async () => {
    const found = await world.get(`/interactions/${interactionId}`, inbox.key);
    return found.json<{ state: string }>().state === "filed" && found;
  });
  expect(filed.json()).toMatchObject({ id: interactionId, seq: 1 });
});

test("a batch is answered 207, one outcome for each message in order", async () => {
  const twice = aMessage();
  const messages = [twice, { ...aMessage(), from: { type: "email" } }, aMessage(), twice];

  const answer = await system.http("POST", `/api/v1/channels/${inbox.channelId}/messages/batch`, {
    body: { messages },
    token: inbox.key,
  });

  expect(answer.status).toBe(207);
  const { items } = answer.json<{ items: (Outcome & { status: number; errors?: unknown })[] }>();
  expect(items.map(({ status }) => status).sort()).toEqual([200, 201, 201, 422]);
  expect(items[1]).toMatchObject({ status: 422, errors: [{ path: "from.value" }] });
  expect(items[3]?.interactionId).toBe(items[0]?.interactionId);
});

test("F186: a message's attachment is kept and downloaded by who may see the case", async () => {
  const content = Buffer.from("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
  const attachments = [
    { name: "invoice.pdf", contentType: "text/html", contentBase64: content.toString("base64") },
  ];
  const { interactionId } = await world.send({ attachments });
  const kept = expected(await world.get(`/interactions/${interactionId}`), 200).json<{
    attachments: { id: string; name: string; contentType: string; size: number }[];
  }>();
  const [file] = kept.attachments;

  const download = await world.get(`/files/${String(file?.id)}`);
  const stranger = await world.get(
    `/files/${String(file?.id)}`,
    (await world.aUser("agent")).token,
  );

  expect(file).toMatchObject({ name: "invoice.pdf", contentType: "application/pdf" });
  expect(download.status).toBe(200);
  expect(download.text).toBe(content.toString());
  expect(download.headers["content-disposition"]).toMatch(/^attachment/);
  expect(download.headers["x-content-type-options"]).toBe("nosniff");
  expect(stranger.status).toBe(404);
});

test("F025: a blocked sender's message is recorded as blocked and opens nothing", async () => {
  const value = `${randomUUID()}@example.com`;
  const body = { type: "email", value };
  expected(await system.http("POST", "/api/v1/block-list", { body, token: system.token }), 201);

  const answer = await post(system.http, inbox, aMessage({ from: { type: "email", value } }));

  expect(answer.status).toBe(201);
  expect(answer.json()).toMatchObject({ state: "blocked", duplicate: false });
  expect(answer.json()["case"]).toBeUndefined();
});

test("a disabled channel takes nothing: 409 CHANNEL_NOT_RECEIVING", async () => {
  const closed = await makeInbox(system);
  const path = `/api/v1/channels/${closed.channelId}`;
  const body = { enabled: false };
  const { headers } = expected(await system.http("GET", path, { token: system.token }), 200);
  const patch = { body, token: system.token, headers: { "if-match": String(headers.etag) } };
  expected(await system.http("PATCH", path, patch), 200);

  const answer = await post(system.http, closed, aMessage());

  expect(answer.status).toBe(409);
  expect(answer.json()).toMatchObject({ code: "CHANNEL_NOT_RECEIVING" });
});
