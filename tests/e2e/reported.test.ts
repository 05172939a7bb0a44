/** What connectors tell of besides messages of customers, and cases that go on from a session (F059, F070, F130, F137, F138, D21). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Attachment } from "#shared/contracts/files.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { until } from "#shared/testing/until.ts";
import {
  aMessage,
  expected,
  makeInbox,
  post,
  signIn,
  type Inbox,
  type System,
} from "../system/system.ts";
import { startAsking, type Asking } from "./asking.ts";
import type { Outcome } from "./world.ts";

interface Listed {
  id: string;
  unreadCount: number;
  lastInteraction: { direction: string; kind?: string };
}

interface Item {
  status: number;
  case?: { id: string };
  errors?: { path: string }[];
}

let system: System;
let ask: Asking["ask"];

beforeAll(async () => {
  ({ system, ask } = await startAsking());
}, 90_000);
afterAll(() => system.stop());

const shop = { type: "phone", value: "+34911222333" };
const aNumber = () => `+346${String(10_000_000 + Math.floor(Math.random() * 89_999_999))}`;

async function aUser(role: string) {
  const credentials = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const { id } = await ask("identity.createUser", { body: { ...credentials, name: "Bea", role } });
  return { id, token: await signIn(system.http, credentials) };
}

/** A campaign with an agent on its channel, and a supervisor; nothing is assigned by itself. */
async function anOffice(type: string) {
  const inbox = await makeInbox(system, type);
  const path = { id: inbox.campaignId };
  const [agent, supervisor] = [await aUser("agent"), await aUser("supervisor")];
  const items = [{ userId: agent.id, channelIds: [inbox.channelId] }];
  await ask("campaigns.setOptions", { path, body: { queueAssignment: false } });
  await ask("campaigns.setAgents", { path, body: { items } });
  await ask("campaigns.setSupervisors", { path, body: { items: [supervisor.id] } });
  const told = async (body: object) =>
    expected(await post(system.http, inbox, aMessage(body)), 201).json<Outcome>();
  return { inbox, agent, supervisor, told };
}

const conversationOf = async (id: string, token: string) =>
  (await ask<{ items: Interaction[] }>("cases.conversation", { path: { id }, token })).items;

test("F059, F138: what the company sent elsewhere opens a case, which the customer's answer joins", async () => {
  const { inbox, agent, told } = await anOffice("sms");
  const ada = { type: "mobile", value: aNumber(), name: "Ada Byron" };

  const sent = await told({ direction: "outbound", from: shop, to: ada, text: "It is on its way" });
  const [before] = await listed(inbox, agent.token);
  const answered = await told({ from: ada, text: "Thank you" });
  const [after] = await listed(inbox, agent.token);

  expect([sent.case.isNew, sent.customer.isNew, answered.case]).toEqual([
    ...[true, true],
    { ...sent.case, isNew: false },
  ]);
  expect(before).toMatchObject({ unreadCount: 0, lastInteraction: { direction: "outbound" } });
  expect(after).toMatchObject({ unreadCount: 1, lastInteraction: { direction: "inbound" } });
  const conversation = await conversationOf(sent.case.id, agent.token);
  expect(conversation.map(({ seq, direction, text }) => [seq, direction, text])).toEqual([
    [1, "outbound", "It is on its way"],
    [2, "inbound", "Thank you"],
  ]);
  expect(conversation[0]).toMatchObject({ from: shop, to: ada.value, contactPoint: ada });
  const customer = { path: { id: sent.customer.id } };
  const { items } = await ask<{ items: { value: string }[] }>(
    "customers.listContactPoints",
    customer,
  );
  expect(items.map(({ value }) => value)).toEqual([ada.value]);
});

const listed = async ({ campaignId }: Inbox, token: string) =>
  (await ask<{ items: Listed[] }>("cases.list", { query: `?campaignId=${campaignId}`, token }))
    .items;

test("D21: a call is told of by its channel's connector alone, and its end is in the case's log", async () => {
  const { inbox, agent, told } = await anOffice("telephony");
  const [other, chat] = [await makeInbox(system, "telephony"), await makeInbox(system)];
  const from = { type: "phone", value: aNumber() };
  const call = { externalId: randomUUID(), kind: "call", from, call: { state: "ringing" } };
  const outcome = await told({ ...call, text: undefined });
  const path = { id: inbox.channelId };
  const ended = { externalId: call.externalId, state: "ended", durationSeconds: 65 };
  const tell = (token: string, body: object = ended) =>
    system.http("POST", `/api/v1/channels/${inbox.channelId}/calls`, { token, body });

  const first = await ask("channels.reportCall", { path, token: inbox.key, body: ended });
  const again = await ask("channels.reportCall", { path, token: inbox.key, body: ended });

  expect(again).toEqual(first);
  const [one] = await conversationOf(outcome.case.id, agent.token);
  expect(one).toMatchObject({ kind: "call", call: { state: "ended", durationSeconds: 65 } });
  const refusals = [
    await tell(other.key),
    await tell(agent.token),
    await tell(inbox.key, { ...ended, externalId: "no such" }),
    await tell(inbox.key, { ...ended, state: "missed", durationSeconds: undefined }),
    await tell(inbox.key, { ...ended, state: "ringing" }),
    await post(system.http, chat, { ...call, from: { type: "other", value: "v" } }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([404, 403, 404, 409, 422, 422]);
  await until(async () => {
    const log = await ask<{ items: { event: string; aggregateId: string }[] }>("audit.ofCase", {
      path: { id: outcome.case.id },
    });
    const ofIt = log.items.filter(({ aggregateId }) => aggregateId === outcome.interactionId);
    return ofIt.length === 1 && ofIt[0]?.event === "interactions.callChanged";
  });
});

test("F138, D21: in a batch, too, each is taken or refused alone", async () => {
  const { inbox, agent } = await anOffice("telephony");
  const customer = { type: "phone", value: aNumber() };
  const call = { kind: "call", call: { state: "answered" } };
  const messages = [
    { externalId: randomUUID(), ...call, direction: "outbound", from: shop, to: customer },
    { externalId: randomUUID(), ...call, direction: "outbound", from: shop, to: customer.value },
    { externalId: randomUUID(), ...call, from: customer },
  ];
  const { items } = await ask<{ items: Item[] }>("channels.receiveBatch", {
    ...{ path: { id: inbox.channelId }, token: inbox.key, body: { messages } },
  });

  expect(items.map(({ status, errors }) => [status, errors?.[0]?.path])).toEqual([
    ...[
      [201, undefined],
      [422, "to"],
      [201, undefined],
    ],
  ]);
  const [first, , last] = items;
  expect(last?.case?.id).toBe(first?.case?.id);
  const both = await conversationOf(String(first?.case?.id), agent.token);
  expect(new Set(both.map(({ direction }) => direction))).toEqual(new Set(["inbound", "outbound"]));
});

test("F137, F070, F130: an agent makes a case out of a chat, with its transcript; both are found by it", async () => {
  const { inbox, agent, supervisor, told } = await anOffice("webchat");
  const stranger = await aUser("agent");
  const from = { type: "other", value: randomUUID(), name: "Ada" };
  await told({ from, text: "No signal" });
  const { interactionId, case: source, customer } = await told({ from, text: "Since Monday" });
  await told({ from, text: "And the bill is wrong" });
  const body = { interactionId, description: "Router is broken" };

  const made = await ask<{ id: string; customerId: string; assigneeId: string }>("cases.create", {
    ...{ body, token: agent.token },
  });

  expect(made).toMatchObject({
    ...{ customerId: customer.id, campaignId: inbox.campaignId, channelId: inbox.channelId },
    ...{ interactionId, assigneeId: agent.id },
  });
  const file = await until(async () => {
    const page = await ask<{ items: Attachment[] }>("files.listOfCase", {
      ...{ path: { id: made.id }, token: agent.token },
    });
    return page.items[0];
  });
  expect(file).toMatchObject({ contentType: "text/plain", origin: "upload", createdBy: agent.id });
  const transcript = (await system.http("GET", file.url, { token: supervisor.token })).text;
  expect(transcript).toMatch(/· Ada \(.*\)\nNo signal\n\n.*\nSince Monday\n$/);
  const related = await ask<{ items: { relatedCase: { id: string } }[] }>("cases.listRelations", {
    ...{ path: { id: made.id }, token: agent.token },
  });
  expect(related.items.map(({ relatedCase }) => relatedCase.id)).toEqual([source.id]);
  const query = `?interactionId=${interactionId}`;
  const found = await ask<{ items: Listed[] }>("cases.list", { query, token: supervisor.token });
  expect(found.items.map(({ id }) => id)).toEqual([made.id, source.id]);
  const asked = (token: string, more: object = {}) =>
    system.http("POST", "/api/v1/cases", { token, body: { ...body, ...more } });
  const refusals = [
    await asked(stranger.token),
    await asked(agent.token, { interactionId: randomUUID() }),
    await asked(agent.token, { customer: { firstName: "Bo" } }),
    await asked(inbox.key),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([404, 404, 422, 403]);
});
