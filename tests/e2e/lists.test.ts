/** Lists of cases through the gateway: filters, orders, searches, counters, flags, for each role. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
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

interface Case {
  id: string;
  number: number;
  from?: string;
  subject?: string;
  flag?: { by: string; at: string };
}
interface Page {
  items: Case[];
  total?: number;
}

let system: System;
let ask: Asking["ask"];

beforeAll(async () => {
  ({ system, ask } = await startAsking());
}, 90_000);
afterAll(() => system.stop());

/** A campaign with an agent on its channel, and a supervisor; nothing is assigned by itself. */
async function anOffice() {
  const inbox = await makeInbox(system, "email");
  const path = { id: inbox.campaignId };
  const [agent, supervisor] = [await aUser("agent"), await aUser("supervisor")];
  const items = [{ userId: agent.id, channelIds: [inbox.channelId] }];
  await ask("campaigns.setOptions", { path, body: { queueAssignment: false } });
  await ask("campaigns.setAgents", { path, body: { items } });
  await ask("campaigns.setSupervisors", { path, body: { items: [supervisor.id] } });
  return { inbox, agent, supervisor };
}

async function aUser(role: string) {
  const credentials = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const { id } = await ask("identity.createUser", { body: { ...credentials, name: "Ada", role } });
  return { id, token: await signIn(system.http, credentials) };
}

const send = async (inbox: Inbox, value: string, subject: string): Promise<Case> =>
  expected(
    await post(system.http, inbox, aMessage({ from: { type: "email", value }, subject })),
    201,
  ).json<{ case: Case }>().case;

test("D13, F132, G03: cases are found and sorted by sender and subject, by those who see them", async () => {
  const { inbox, agent, supervisor } = await anOffice();
  const [zoe, ada] = [`zoe-${randomUUID()}@example.com`, `ada-${randomUUID()}@example.com`];
  await send(inbox, zoe, "Ámbar");
  await send(inbox, ada, "Zinc roof");
  const stranger = await aUser("agent");
  const subjects = async (query: string, token: string) =>
    (
      await ask<Page>("cases.list", { query: `?campaignId=${inbox.campaignId}${query}`, token })
    ).items.map(({ subject }) => subject);

  for (const { token } of [agent, supervisor, system]) {
    expect(await subjects("&sort=from", token)).toEqual(["Zinc roof", "Ámbar"]);
    expect(await subjects("&sort=subject&state=active", token)).toEqual(["Ámbar", "Zinc roof"]);
    expect(await subjects("&from=ZOE-", token)).toEqual(["Ámbar"]);
    expect(await subjects("&subject=roof", token)).toEqual(["Zinc roof"]);
  }
  expect(await subjects("&sort=from", stranger.token)).toEqual([]);
  const { items } = await ask<Page>("cases.list", { query: `?campaignId=${inbox.campaignId}` });
  expect(items.map(({ from }) => from)).toEqual([ada, zoe]);
});

test("F127, D13: one search by number, title and name, the number first", async () => {
  const { inbox, agent } = await anOffice();
  const first = await send(inbox, `${randomUUID()}@example.com`, "Querétaro");
  const second = await send(
    inbox,
    `${randomUUID()}@example.com`,
    `Queretaro ${String(first.number)}`,
  );
  const { token } = agent;

  const byNumber = await ask<Page>("cases.list", {
    query: `?q=${String(first.number)}&sort=relevance&count=true`,
    token,
  });
  const byTitle = await ask<Page>("cases.list", {
    query: `?q=${encodeURIComponent("QUERÉT")}&sort=relevance`,
    token,
  });

  expect(byNumber.items.map(({ id }) => id)).toEqual([first.id, second.id]);
  expect(byNumber.total).toBe(2);
  expect(byTitle.items.map(({ id }) => id)).toEqual([second.id, first.id]);
});

test("G03: counters and lists are of the campaign that the user works in, unless told otherwise", async () => {
  const { inbox, agent } = await anOffice();
  const other = await anOffice();
  await send(inbox, `${randomUUID()}@example.com`, "Here");
  await send(other.inbox, `${randomUUID()}@example.com`, "There");
  const items = [{ userId: agent.id, channelIds: [other.inbox.channelId] }];
  await ask("campaigns.setAgents", { path: { id: other.inbox.campaignId }, body: { items } });
  const { token } = agent;
  const counted = async (query: string) =>
    (await ask<{ byState: { active: object } }>("cases.counters", { query, token })).byState.active;

  const before = await counted("");
  await ask("identity.changeMe", { token, body: { currentCampaignId: inbox.campaignId } });

  expect(before).toEqual({ count: 2, isExact: true });
  expect(await counted("")).toEqual({ count: 1, isExact: true });
  expect(await counted("?campaignId=all")).toEqual({ count: 2, isExact: true });
  expect((await ask<Page>("cases.list", { token })).items).toMatchObject([{ subject: "Here" }]);
});

test("F132, F135: a flag is set and taken off; the flagged come first", async () => {
  const { inbox, agent } = await anOffice();
  const { id } = await send(inbox, `${randomUUID()}@example.com`, "First");
  await send(inbox, `${randomUUID()}@example.com`, "Second");
  const { token } = agent;
  const list = async (query: string) =>
    (await ask<Page>("cases.list", { query, token })).items.map(({ subject }) => subject);

  const flagged = await ask<Case>("cases.flag", { path: { id }, token });

  expect(flagged.flag).toEqual({ by: agent.id, at: expect.any(String) });
  expect(await list("?sort=flag")).toEqual(["First", "Second"]);
  expect(await list("?flag=true")).toEqual(["First"]);
  await ask("cases.flag", { path: { id }, token, body: { flagged: false } });
  expect(await list("?flag=true")).toEqual([]);
  const stranger = await aUser("agent");
  const refused = await system.http("POST", `/api/v1/cases/${id}/flag`, {
    token: stranger.token,
    body: {},
  });
  expect(refused.status).toBe(404);
  for (const query of ["sort=colour", "flag=red", "due=soon", "from="]) {
    const bad = await system.http("GET", `/api/v1/cases?${query}`, { token });
    expect([query, bad.status]).toEqual([query, 422]);
  }
});
