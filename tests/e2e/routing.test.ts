/** Queues through the gateway: taking, routing, the pending list, work that goes back. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { until } from "#shared/testing/until.ts";
import { aMessage, expected, makeInbox, post, type Inbox, type System } from "../system/system.ts";
import { startWorld, type Outcome, type World } from "./world.ts";

interface Case {
  id: string;
  assigneeId?: string;
}
interface Problem {
  code: string;
  assigneeId?: string;
  assigneeName?: string;
}
interface Person {
  id: string;
  token: string;
}

let world: World;
let system: System;

beforeAll(async () => {
  world = await startWorld();
  ({ system } = world);
}, 90_000);
afterAll(() => system.stop());

const ask = (method: string, path: string, { token }: { token: string }, body?: object) =>
  system.http(method, `/api/v1${path}`, { token, ...(body ? { body } : {}) });

/** A campaign with two agents on its channel. */
async function anOffice(options: object = {}) {
  const inbox = await makeInbox(system);
  const [ada, bo] = [await world.aUser("agent"), await world.aUser("agent")];
  const items = [ada, bo].map(({ id }) => ({ userId: id, channelIds: [inbox.channelId] }));
  const campaign = `/campaigns/${inbox.campaignId}`;
  expected(await ask("PUT", `${campaign}/options`, system, options), 200);
  expected(await ask("PUT", `${campaign}/agents`, system, { items }), 200);
  return { inbox, ada, bo, campaign };
}

const aPerson = { kind: "person", firstName: "Ada", lastName: "Byron" };

const aCase = async (inbox: Inbox): Promise<string> =>
  expected(await post(system.http, inbox, aMessage()), 201).json<Outcome>().case.id;

const pending = async (who: Person): Promise<string[]> => {
  const listed = expected(await ask("GET", "/cases/pending", who), 200);
  return listed.json<{ items: Case[] }>().items.map(({ id }) => id);
};

test("G07, B10, F120, G04: one agent takes a case, the other hears who and no longer sees it", async () => {
  const { inbox, ada, bo } = await anOffice({ queueAssignment: false });
  const id = await aCase(inbox);
  expected(await ask("GET", `/cases/${id}`, bo), 200);

  const taken = await ask("POST", `/cases/${id}/take`, ada, {});
  const lost = await ask("POST", `/cases/${id}/take`, bo, {});

  expect([taken.status, taken.json<Case>().assigneeId]).toEqual([200, ada.id]);
  expect(taken.headers.etag).toBe('"2"');
  expect([lost.status, lost.json<Problem>()]).toEqual([
    409,
    expect.objectContaining({ code: "CASE_TAKEN", assigneeId: ada.id, assigneeName: "A agent" }),
  ]);
  expect((await ask("GET", `/cases/${id}`, bo)).status).toBe(404);
  expect([await pending(ada), await pending(bo)]).toEqual([[id], []]);
});

test("G07: only agents of the campaign take its cases", async () => {
  const { inbox } = await anOffice({ queueAssignment: false });
  const id = await aCase(inbox);
  const [stranger, supervisor] = [await world.aUser("agent"), await world.aUser("supervisor")];

  const answers = [
    await ask("POST", `/cases/${id}/take`, stranger, {}),
    await ask("POST", `/cases/${id}/take`, supervisor, {}),
    await ask("POST", `/cases/${id}/take`, system, {}),
    await ask("POST", "/cases/none/take", stranger, {}),
  ];

  expect(answers.map(({ status }) => status)).toEqual([404, 403, 403, 404]);
});

test("F205, F121, B10: a case is routed to who is available, and to the other when that one is disabled", async () => {
  const { inbox, ada, bo } = await anOffice();
  const id = await aCase(inbox);
  const holder = await until(async () => {
    if ((await pending(ada)).includes(id)) return ada;
    return (await pending(bo)).includes(id) && bo;
  });

  const user = expected(await ask("GET", `/users/${holder.id}`, system), 200);
  const disabled = await system.http("PATCH", `/api/v1/users/${holder.id}`, {
    body: { disabled: true },
    token: system.token,
    headers: { "if-match": String(user.headers.etag) },
  });

  expected(disabled, 200);
  const other = holder === ada ? bo : ada;
  await until(async () => (await pending(other)).includes(id));
});

test("G07: who configures says weights and capacity; a supervisor sees how many wait", async () => {
  const { inbox, ada, campaign } = await anOffice({ capacity: 3, queueAssignment: false });
  const supervisor = await world.aUser("supervisor");
  expected(await ask("PUT", `${campaign}/supervisors`, system, { items: [supervisor.id] }), 200);
  const items = [{ userId: ada.id, channelIds: [inbox.channelId], weight: 4 }];
  await aCase(inbox);

  const set = await ask("PUT", `${campaign}/agents`, system, { items });
  const heavy = await ask("PUT", `${campaign}/agents`, system, {
    items: [{ ...items[0], weight: 0 }],
  });
  const none = await ask("PUT", `${campaign}/options`, system, { capacity: 0 });
  const queue = await ask("GET", `${campaign}/queue`, supervisor);
  const refused = await ask("GET", `${campaign}/queue`, ada);

  expect(set.json()).toMatchObject({ agents: items, options: { capacity: 3 } });
  expect([heavy.status, none.status, refused.status]).toEqual([422, 422, 403]);
  expect(heavy.json()).toMatchObject({ errors: [{ path: "items[0].weight" }] });
  expect(queue.json()).toMatchObject({
    count: 1,
    oldestAt: expect.any(String),
    byChannel: [{ channelId: inbox.channelId, count: 1 }],
  });
});

test("F208: a call of one campaign reaches the agent of another that is linked to its call queue", async () => {
  const calls = await makeInbox(system, "telephony");
  const { inbox, ada, campaign } = await anOffice({ linkedCallQueues: [calls.campaignId] });
  const items = [{ userId: ada.id, channelIds: [inbox.channelId] }];
  expected(await ask("PUT", `${campaign}/agents`, system, { items }), 200);
  const from = { type: "phone", value: "+573001234567" };

  const { id } = expected(await post(system.http, calls, aMessage({ from })), 201).json<Outcome>()
    .case;

  await until(async () => (await pending(ada)).includes(id));
  expected(await ask("GET", `/cases/${id}`, ada), 200);
});

test("G07: capacity by the type of a channel: the third chat waits, a case made by hand does not", async () => {
  const { inbox, ada, campaign } = await anOffice({ channelCapacities: { webchat: 2 } });
  const items = [{ userId: ada.id, channelIds: [inbox.channelId] }];
  expected(await ask("PUT", `${campaign}/agents`, system, { items }), 200);

  const chats = [await aCase(inbox), await aCase(inbox), await aCase(inbox)];
  const made = await ask("POST", "/cases", system, {
    ...{ campaignId: inbox.campaignId, description: "By hand", customer: aPerson },
  });
  const { id } = expected(made, 201).json<Case>();
  await until(async () => (await pending(ada)).includes(id));
  await until(async () => (await pending(ada)).length === 3);

  const waiting = await ask("GET", `${campaign}/queue`, system);
  expect(waiting.json()).toMatchObject({ count: 1, byChannel: [{ channelId: inbox.channelId }] });
  expect((await pending(ada)).filter((one) => chats.includes(one))).toHaveLength(2);
  const wrong = await ask("PUT", `${campaign}/options`, system, {
    channelCapacities: { webchat: 0, pigeon: 1 },
  });
  expect(wrong.status).toBe(422);
});
