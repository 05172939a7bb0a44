/** Closing, transferring and escalating cases through the gateway. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Case } from "#shared/contracts/cases.ts";
import { until } from "#shared/testing/until.ts";
import {
  askerOf,
  aMessage,
  expected,
  makeInbox,
  type Inbox,
  type System,
} from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

interface Person {
  id: string;
  token: string;
}

let world: World;
let system: System;
let inbox: Inbox;
let other: Inbox;
let agent: Person;
let colleague: Person;
let supervisor: Person;
let seller: Person;

const ask = askerOf(() => system);
const put = (part: string, body: object, campaignId = inbox.campaignId) =>
  ask("PUT", `/campaigns/${campaignId}/${part}`, { body });
const act = (id: string, action: string, { token }: Person, body?: object) =>
  ask("POST", `/cases/${id}/${action}`, { token, ...(body ? { body } : {}) });

beforeAll(async () => {
  world = await startWorld();
  ({ system, inbox } = world);
  other = await makeInbox(system);
  [agent, colleague] = [await world.aUser("agent"), await world.aUser("agent")];
  [supervisor, seller] = [await world.aUser("supervisor"), await world.aUser("agent")];
  const { campaignId, channelId } = inbox;
  const agents = [agent, colleague].map(({ id: userId }) => ({ userId, channelIds: [channelId] }));
  expected(await put("agents", agents), 200);
  expected(await put("supervisors", [supervisor.id]), 200);
  expected(await put("options", { queueAssignment: false }, campaignId), 200);
  expected(await put("options", { queueAssignment: false }, other.campaignId), 200);
  expected(await put("agents", [{ userId: seller.id, channelIds: [] }], other.campaignId), 200);
}, 90_000);
afterAll(() => system.stop());

/** A case that a message has opened, and its agent has taken. */
async function aTaken(who = agent): Promise<Case> {
  const { id } = (await world.send()).case;
  return expected(await act(id, "take", who), 200).json<Case>();
}
const read = async (id: string): Promise<Case> =>
  expected(await ask("GET", `/cases/${id}`), 200).json<Case>();
const stateOf = async ({ token }: Person) =>
  expected(await ask("GET", "/me/state", { token }), 200).json<{ state: string }>().state;

test("F107-F109, D01, D04: an agent closes a case, is free again, and a new message opens another", async () => {
  const threadKey = randomUUID();
  const from = aMessage().from;
  const { id } = (await world.send({ threadKey, from })).case;
  expected(await act(id, "take", agent), 200);
  expected(await act(id, "enter", agent), 200);
  const busy = await stateOf(agent);

  const preview = expected(await ask("GET", `/cases/${id}/closing`, agent), 200).json<object>();
  const closed = expected(await act(id, "close", agent), 200);

  expect(busy).toBe("busy");
  expect(await stateOf(agent)).toBe("available");
  expect(preview).toMatchObject({ closable: true, reasons: [] });
  expect(closed.json()).toMatchObject({ status: "closed", closedBy: agent.id });
  expect(closed.headers.etag).toBe(`"${String(closed.json<Case>().version)}"`);
  const change = { body: { subject: "x" }, headers: { "if-match": "*" } };
  for (const refused of [
    await act(id, "close", agent),
    await act(id, "transfer", supervisor, { assigneeId: colleague.id }),
    await act(id, "escalate", supervisor),
    await ask("PATCH", `/cases/${id}`, { ...change, headers: { "if-match": '"9"' } }),
  ]) {
    expect([refused.status, refused.json<{ code: string }>().code]).toEqual([409, "CASE_CLOSED"]);
  }
  const next = await world.send({ threadKey, from });
  expect(next.case.isNew).toBe(true);
  expect(await read(next.case.id)).toMatchObject({
    followUpOf: id,
    customerId: expect.any(String),
  });
  const log = await until(async () => {
    const entries = await ask("GET", `/changes?aggregate=case&aggregateId=${id}`);
    const { items } = entries.json<{ items: { event: string; changes: object[] }[] }>();
    return items.find(({ event }) => event === "cases.closed");
  });
  expect(log.changes).toContainEqual({ field: "status", old: "open", new: "closed" });
});

test("F110, F111, D07: what the campaign wants before is said all at once, until it is there", async () => {
  const wants = { allowCloseWithIncompleteCustomer: false, allowCloseWithoutActivity: false };
  expected(await put("options", wants), 200);
  const { id, customerId } = await aTaken();

  const refused = await act(id, "close", agent);
  const preview = expected(await ask("GET", `/cases/${id}/closing`, agent), 200).json<object>();
  expected(await put("options", { allowCloseWithoutActivity: true }), 200);
  const customer = expected(await ask("GET", `/customers/${customerId}`), 200);
  const body = {
    firstName: "Ada",
    lastName: "B",
    documentType: "CC",
    documentNumber: randomUUID(),
  };
  const headers = { "if-match": String(customer.headers.etag) };
  expected(await ask("PATCH", `/customers/${customerId}`, { body, headers }), 200);
  const closed = await act(id, "close", agent);
  expected(await put("options", { allowCloseWithIncompleteCustomer: true }), 200);

  const { reasons, ...problem } = refused.json<{ code: string; reasons: { code: string }[] }>();
  expect([refused.status, problem.code]).toEqual([409, "CASE_NOT_CLOSABLE"]);
  expect(reasons.map(({ code }) => code)).toEqual(["NO_ACTIVITY", "CUSTOMER_INCOMPLETE"]);
  expect(reasons[1]).toMatchObject({ missing: expect.arrayContaining(["documentNumber"]) });
  expect(preview).toMatchObject({ closable: false, reasons });
  expect(closed.status).toBe(200);
});

test("F083, F085, F086, F088: to a colleague, who finds it pending; back to nobody, to be taken", async () => {
  const { id } = await aTaken();
  expected(await act(id, "enter", agent), 200);

  const targets = expected(await ask("GET", `/cases/${id}/transfer-targets`, agent), 200);
  const body = { assigneeId: colleague.id, reason: "You know her" };
  const transferred = expected(await act(id, "transfer", agent, body), 200);
  const free = await stateOf(agent);
  const pending = expected(await ask("GET", "/cases/pending", colleague), 200);
  const hidden = await ask("GET", `/cases/${id}`, agent);
  const entered = expected(await act(id, "enter", colleague), 200);
  expected(await act(id, "transfer", colleague, { assigneeId: null }), 200);
  const taken = expected(await act(id, "take", agent), 200);

  expect(
    targets
      .json<{ users: Person[] }>()
      .users.map((one) => one.id)
      .sort(),
  ).toEqual([agent.id, colleague.id, supervisor.id].sort());
  expect(transferred.json()).toMatchObject({ status: "transferred", assigneeId: colleague.id });
  expect(free).toBe("available");
  expect(pending.json<{ items: Case[] }>().items.map((one) => one.id)).toContain(id);
  expect(hidden.status).toBe(404);
  expect(entered.json()).toMatchObject({ status: "open", handoverReason: "You know her" });
  expect(taken.json()).toMatchObject({ assigneeId: agent.id, status: "transferred" });
});

test("F084, F090, P16: to another campaign, whose agents go on with the conversation", async () => {
  const threadKey = randomUUID();
  const from = aMessage().from;
  const filed = await world.send({ threadKey, from });
  const { id } = filed.case;
  const reason = `canary ${randomUUID()}`;
  const body = { campaignId: other.campaignId, reason };
  expected(await put("options", { allowCampaignTransfer: false }), 200);
  const forbidden = await act(id, "transfer", supervisor, body);
  expected(await put("options", { allowCampaignTransfer: true }), 200);

  expected(await act(id, "transfer", supervisor, body), 200);
  const next = await world.send({ threadKey, from });
  const taken = expected(await act(id, "take", seller), 200);

  expect([forbidden.status, forbidden.json<object>()]).toEqual([
    409,
    expect.objectContaining({ code: "TRANSFER_NOT_ALLOWED", option: "allowCampaignTransfer" }),
  ]);
  expect(next.case).toMatchObject({ id, isNew: false });
  expect(taken.json()).toMatchObject({ campaignId: other.campaignId, interactionCount: 2 });
  expect((await ask("GET", `/cases/${id}`, supervisor)).status).toBe(404);
  const conversation = expected(await ask("GET", `/cases/${id}/conversation`, seller), 200);
  expect(conversation.json<{ items: object[] }>().items).toHaveLength(2);
  const log = await until(async () => {
    const entries = await ask("GET", `/changes?aggregate=case&aggregateId=${id}`);
    const { items } = entries.json<{ items: { event: string; changes: object[] }[] }>();
    return items.find(({ event }) => event === "cases.transferred");
  });
  expect(log.changes).toContainEqual(
    expect.objectContaining({ field: "handoverReason", new: reason }),
  );
});

test.each([
  ["transfer", {}, 422],
  ["transfer", { assigneeId: "nobody" }, 422],
  ["transfer", { assigneeId: 7 }, 422],
  ["transfer", { campaignId: "nowhere" }, 422],
  ["transfer", { assigneeId: null, reason: "x".repeat(501) }, 422],
  ["close", { force: true }, 422],
  ["escalate", { reason: "" }, 422],
])("F083-F086, F107: %s with %j is refused by field", async (action, body, status) => {
  const { id } = await aTaken();

  const refused = await act(id, action, agent, body);

  expect(refused.status).toBe(status);
  expect(refused.json<{ errors: object[] }>().errors).toHaveLength(1);
});

test("G04, G01: strangers find nothing, connectors may not; a case is escalated once", async () => {
  const { id, version } = await aTaken();

  for (const action of ["close", "transfer", "escalate"]) {
    const body = action === "transfer" ? { assigneeId: agent.id } : {};
    expect((await act(id, action, seller, body)).status).toBe(404);
    expect((await act(id, action, { id, token: inbox.key }, body)).status).toBe(403);
  }
  const headers = { "if-match": `"${String(version + 7)}"` };
  const stale = await ask("POST", `/cases/${id}/close`, { headers, token: agent.token });
  expected(await act(id, "escalate", agent, { reason: "Angry" }), 200);
  const again = await act(id, "escalate", agent);

  expect([stale.status, stale.json<{ code: string }>().code]).toEqual([412, "STALE_VERSION"]);
  expect([again.status, again.json<{ code: string }>().code]).toEqual([409, "ILLEGAL_TRANSITION"]);
  expect(await read(id)).toMatchObject({ status: "escalated", handoverReason: "Angry" });
});
