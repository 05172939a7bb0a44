/** What users are told, through two gateways: in the app, live and by e-mail. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { listen } from "../system/listening.ts";
import {
  aMessage,
  expected,
  makeInbox,
  post,
  signIn,
  type Inbox,
  type System,
  askerOf,
} from "../system/system.ts";
import { startMailServer } from "./mail-server.samples.ts";
import type { Outcome } from "./world.ts";
import { aPerson, password, startTwoGateways, type Person } from "./two-gateways.ts";

type Told = Record<"id" | "kind" | "caseId", string> & { readAt?: string };
type Kase = Outcome["case"];

let system: System;
let gateways: Awaited<ReturnType<typeof startTwoGateways>>;
let inbox: Inbox;
let mailServer: Awaited<ReturnType<typeof startMailServer>>;
let agent: Person;
let supervisor: Person;

const ask = askerOf(() => system);

beforeAll(async () => {
  mailServer = await startMailServer();
  gateways = await startTwoGateways({
    SMTP_URL: mailServer.url,
    MAIL_FROM: "desk@casewire.example",
    PUBLIC_URL: "http://desk.example",
  });
  ({ system } = gateways);
  inbox = await makeInbox(system);
  [agent, supervisor] = [await aPerson(system, "agent"), await aPerson(system, "supervisor")];
  const { campaignId, channelId } = inbox;
  const body = { items: [{ userId: agent.id, channelIds: [channelId] }] };
  expected(await ask("PUT", `/campaigns/${campaignId}/agents`, { body }), 200);
  const supervisors = { body: { items: [supervisor.id] } };
  expected(await ask("PUT", `/campaigns/${campaignId}/supervisors`, supervisors), 200);
}, 120_000);
afterAll(async () => {
  await gateways.stop();
  await mailServer.stop();
});

/** A new case, which the strategy gives to the agent; once the agent was told of it. */
async function aCase(): Promise<Kase> {
  const filed = expected(await post(system.http, inbox, aMessage()), 201);
  const { case: kase } = filed.json<{ case: Kase }>();
  await until(async () => (await told()).some(({ caseId }) => caseId === kase.id));
  return kase;
}

const told = async ({ token } = agent, query = "?limit=200") =>
  expected(await ask("GET", `/notifications${query}`, { token }), 200).json<{ items: Told[] }>()
    .items;
const unread = async ({ token } = agent) =>
  expected(await ask("GET", "/notifications/unread", { token }), 200).json<{ count: number }>()
    .count;

/** Hands a case to the supervisor, and back to the agent. */
async function transferBack({ id }: Kase): Promise<void> {
  for (const { id: assigneeId } of [supervisor, agent]) {
    expected(await ask("POST", `/cases/${id}/transfer`, { body: { assigneeId } }), 200);
  }
}

test("F121, F230: an agent who is given a case finds it among the notifications, and reads them", async () => {
  const { id, number } = await aCase();

  const [newest] = await told();
  const before = await unread();
  const read = expected(
    await ask("POST", `/notifications/${newest!.id}/read`, { token: agent.token }),
    200,
  );
  const after = await unread();
  await aCase();
  const all = await ask("POST", "/notifications/read", { body: {}, token: agent.token });

  expect(newest).toMatchObject({ kind: "caseAssigned", caseId: id, caseNumber: number });
  expect(newest).not.toHaveProperty("readAt");
  expect(read.json()).toMatchObject({ id: newest!.id, readAt: expect.any(String) });
  expect([after, expected(all, 200).json<{ count: number }>().count]).toEqual([before - 1, before]);
  expect([await unread(), await told(agent, "?unread=true")]).toEqual([0, []]);
});

/** A hint that got lost is made up for after a quarter of a minute. */
const late = { withinMs: 25_000 };

test("F230: users are told live, on whatever gateway, and go on where they were", async () => {
  const stream = "/notifications/stream";
  const first = await listen(gateways.secondPort, stream, agent.token);
  await until(() => first.heard.length > 0);
  const { id } = await aCase();
  const heard = await until(() => first.heard.find(({ name }) => name === "notification"), late);
  first.stop();

  const missed = [await aCase(), await aCase()];
  const again = await listen(system.port, stream, agent.token, { "last-event-id": heard.id! });
  await until(() => again.heard.filter(({ name }) => name === "notification").length === 2, late);
  const silent = await listen(system.port, stream, supervisor.token);
  await until(() => silent.heard.length > 0);
  again.stop();
  silent.stop();

  expect(heard.data).toMatchObject({ kind: "caseAssigned", caseId: id });
  const cases = again.heard.flatMap(({ name, data }) =>
    name === "notification" ? [data["caseId"]] : [],
  );
  expect(cases).toEqual(missed.map((kase) => kase.id));
  expect(silent.heard).toMatchObject([{ name: "unread", data: { count: 0 } }]);
}, 60_000);

test("F230: the stream ends with the session", async () => {
  const token = await signIn(system.http, { email: agent.email, password });
  const own = await listen(gateways.secondPort, "/notifications/stream", token);
  await until(() => own.heard.length > 0);

  await ask("POST", "/auth/sign-out", { token });

  await until(() => own.isOver());
  expect(own.heard.at(-1)).toMatchObject({ name: "end", data: { status: 401 } });
});

test("F087, F091, F231: whoever a case is transferred to is told in the app and by e-mail, as the campaign wants", async () => {
  const kase = await aCase();
  const toldOf = async () => {
    const items = await told();
    return items.filter(({ kind, caseId }) => kind === "caseTransferred" && caseId === kase.id);
  };

  await transferBack(kase);
  const letter = await until(async () => (await mailServer.lettersTo(agent.email))[0]);
  await until(async () => (await toldOf()).length === 1);
  const options = (notifyTransferByEmail: boolean) =>
    ask("PUT", `/campaigns/${inbox.campaignId}/options`, { body: { notifyTransferByEmail } });
  expected(await options(false), 200);
  await transferBack(kase);
  await until(async () => (await toldOf()).length === 2);
  await until(async () => {
    const status = await ask("GET", "/outgoing-mails/status");
    return status.json<{ queued: number }>().queued === 0;
  });
  expected(await options(true), 200);

  expect(letter.subject).toBe(`Se te transfirió el caso ${String(kase.number)}`);
  expect(letter.to).toMatchObject({ text: agent.email });
  expect(letter.text).toContain(`http://desk.example/cases/${String(kase.number)}`);
  expect(letter.headers.get("auto-submitted")).toBe("auto-generated");
  expect(await mailServer.lettersTo(agent.email)).toHaveLength(1);
  const mails = expected(await ask("GET", "/outgoing-mails?state=sent"), 200);
  const sent = mails.json<{ items: object[] }>().items;
  expect(sent).toHaveLength(2);
  for (const userId of [supervisor.id, agent.id]) {
    expect(sent).toContainEqual(
      expect.objectContaining({ kind: "caseTransferred", userId, caseId: kase.id, attempts: 1 }),
    );
  }
  for (const path of ["/outgoing-mails", "/outgoing-mails/status"]) {
    expect((await ask("GET", path, { token: supervisor.token })).status).toBe(403);
  }
});

test("F175, F232: an agent is reminded of the next action, once", async () => {
  const { id } = await aCase();
  const dueAt = new Date(Date.now() + 300_000).toISOString().replace(/:\d\d\.\d+Z/, ":00.000Z");
  const [nextActionDate, time = ""] = dueAt.split("T");
  const answers = {
    ...{ observations: "Call back", nextActionDate, nextActionTime: time.slice(0, 5) },
  };

  const saved = await ask("POST", `/cases/${id}/activities`, {
    ...{ body: { answers }, token: agent.token },
  });
  const { id: activityId } = expected(saved, 201).json<{ id: string }>();
  const reminders = async () => (await told()).filter(({ kind }) => kind === "reminderDue");
  await until(async () => (await reminders()).length > 0);
  await aCase();

  expect(await reminders()).toMatchObject([{ caseId: id, activityId, dueAt }]);
});

test("B09: nobody reads, counts or marks what others are told", async () => {
  await aCase();
  const [own] = await told();
  const stranger = await aPerson(system, "supervisor");
  const admin = { ...supervisor, token: system.token };

  for (const other of [stranger, admin]) {
    const { token } = other;
    expect(await told(other)).toEqual([]);
    expect(await unread(other)).toBe(0);
    expect((await ask("POST", `/notifications/${own!.id}/read`, { token })).status).toBe(404);
    const upTo = { body: { upTo: own!.id }, token };
    expect((await ask("POST", "/notifications/read", upTo)).status).toBe(404);
  }
  expect((await told())[0]).not.toHaveProperty("readAt");
});

test("F230: bad input is refused by its name, and who has no user has no notifications", async () => {
  const refusals = await Promise.all([
    ask("GET", "/notifications?unread=maybe"),
    ask("GET", "/notifications?limit=201"),
    ask("GET", "/notifications?cursor=nonsense"),
    ask("GET", "/notifications?userId=x"),
    ask("POST", "/notifications/read", { body: { upTo: "$ne", more: 1 } }),
    ask("POST", "/notifications/read", { body: { upTo: randomUUID() } }),
    ask("POST", `/notifications/${randomUUID()}/read`),
    ask("GET", "/notifications", { token: inbox.key }),
    ask("GET", "/notifications", { token: "nobody" }),
  ]);

  expect(refusals.map(({ status }) => status)).toEqual([
    422, 422, 422, 422, 422, 404, 404, 403, 401,
  ]);
});
