/** People at work, through the gateway: entering cases, states, pauses, the board. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { askerOf, expected, type Inbox, type System } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

interface Row {
  userId: string;
  state: string;
  openCases: number;
  pauses: { reason: string; seconds: number }[];
}
interface Person {
  id: string;
  token: string;
}

let world: World;
let system: System;
let inbox: Inbox;
let agent: Person;
let colleague: Person;
let supervisor: Person;

const ask = askerOf(() => system);

beforeAll(async () => {
  world = await startWorld();
  ({ system, inbox } = world);
  [agent, colleague] = [await world.aUser("agent"), await world.aUser("agent")];
  supervisor = await world.aUser("supervisor");
  const { campaignId, channelId } = inbox;
  const body = [agent, colleague].map(({ id: userId }) => ({ userId, channelIds: [channelId] }));
  expected(await ask("PUT", `/campaigns/${campaignId}/agents`, { body }), 200);
  const options = { body: { queueAssignment: false } };
  expected(await ask("PUT", `/campaigns/${campaignId}/options`, options), 200);
  const supervisors = { body: [supervisor.id] };
  expected(await ask("PUT", `/campaigns/${campaignId}/supervisors`, supervisors), 200);
}, 90_000);
afterAll(() => system.stop());

const stateOf = async ({ token }: Person) =>
  expected(await ask("GET", "/me/state", { token }), 200).json<{ state: string }>().state;
const put = ({ token }: Person, body: object) => ask("PUT", "/me/state", { body, token });
const enter = (id: string, { token }: Person) => ask("POST", `/cases/${id}/enter`, { token });
const exit = (id: string, { token }: Person) => ask("POST", `/cases/${id}/exit`, { token });

test("F077-F079, F228, D10, D11: busy from the first case that is entered to the last that is left", async () => {
  const [a, b] = [(await world.send()).case, (await world.send()).case];
  expect(await stateOf(agent)).toBe("available");

  const entered = expected(await enter(a.id, agent), 200);
  expected(await enter(a.id, agent), 200);
  expected(await enter(String(b.number), agent), 200);
  const busy = await stateOf(agent);
  const refused = await put(agent, { state: "available" });
  expect((await exit(a.id, agent)).status).toBe(204);
  const still = await stateOf(agent);
  expect((await exit(b.id, agent)).status).toBe(204);
  expect((await exit(b.id, agent)).status).toBe(204);

  expect([busy, still, await stateOf(agent)]).toEqual(["busy", "busy", "available"]);
  expect(entered.headers.etag).toBe('"2"');
  expect(refused.status).toBe(409);
  expect(refused.json()).toMatchObject({ code: "BUSY" });
});

test("G01, B13: entering opens a new case, leaving leaves it so; who is in it is told by name", async () => {
  const { id } = (await world.send()).case;
  const read = async () =>
    expected(await ask("GET", `/cases/${id}`), 200).json<{ status: string; version: number }>();
  const before = await read();

  expected(await enter(id, agent), 200);
  expected(await enter(id, colleague), 200);
  const seen = expected(await ask("GET", `/cases/${id}/presence`, agent), 200);
  for (const one of [agent, colleague]) expect((await exit(id, one)).status).toBe(204);

  expect([before.status, (await read()).status]).toEqual(["new", "open"]);
  expect((await read()).version).toBe(before.version + 1);
  expect(seen.json()).toEqual({
    items: [agent, colleague].map(({ id: userId }) => ({
      userId,
      name: "A agent",
      since: expect.any(String),
      entered: true,
    })),
  });
  const log = await until(async () => {
    const entries = await ask("GET", `/changes?aggregate=case&aggregateId=${id}`);
    const { items } = entries.json<{ items: { event: string; changes: object[] }[] }>();
    return items.find(({ event }) => event === "cases.changed");
  });
  expect(log.changes).toEqual([{ field: "status", old: "new", new: "open" }]);
});

test("G04: a case that is not seen is neither entered nor told about", async () => {
  const stranger = await world.aUser("agent");
  const { id } = (await world.send()).case;

  expect((await enter(id, stranger)).status).toBe(404);
  expect((await ask("GET", `/cases/${id}/presence`, stranger)).status).toBe(404);
  expect((await exit(id, stranger)).status).toBe(204);
  expect((await ask("POST", `/cases/${id}/enter`, { token: inbox.key })).status).toBe(403);
});

test("G19: a pause has a reason, which administrators configure", async () => {
  const code = `r${randomUUID()}`;
  const body = { code, names: { en: "Dentist", es: "Dentista" } };

  const refused = await ask("POST", "/pause-reasons", { body, token: supervisor.token });
  expected(await ask("POST", "/pause-reasons", { body }), 201);
  const list = expected(await ask("GET", "/pause-reasons?enabled=true", agent), 200);
  const without = await put(agent, { state: "paused" });
  const paused = expected(await put(agent, { state: "paused", reason: code }), 200);

  expect([refused.status, without.status]).toEqual([403, 422]);
  expect(without.json()).toMatchObject({ errors: [{ path: "reason", code: "required" }] });
  expect(list.json<{ items: { code: string }[] }>().items.map((one) => one.code)).toContain(code);
  expect(paused.json()).toMatchObject({ userId: agent.id, state: "paused", reason: code });
  expected(await put(agent, { state: "available" }), 200);
});

test("F227, G19: a supervisor watches the agents of the own campaigns, and forces a state", async () => {
  const other = await world.aUser("agent");
  const body = { description: "At the desk", customer: { firstName: "Ada" } };
  const own = { ...body, campaignId: inbox.campaignId };
  const made = expected(await ask("POST", "/cases", { body: own, token: agent.token }), 201);
  const force = (userId: string, state: object) =>
    ask("PUT", `/agents/${userId}/state`, { body: state, token: supervisor.token });
  const meeting = { state: "paused", reason: "meeting" };

  const forced = expected(await force(agent.id, meeting), 200);
  const read = expected(await ask("GET", "/agents/board", supervisor), 200);
  expected(await put(agent, { state: "available" }), 200);
  expected(await enter(made.json<{ id: string }>().id, agent), 200);
  const busy = await force(agent.id, meeting);
  expect((await exit(made.json<{ id: string }>().id, agent)).status).toBe(204);

  expect(forced.json()).toMatchObject(meeting);
  const { items } = read.json<{ items: Row[] }>();
  expect(items.map(({ userId }) => userId).sort()).toEqual([agent.id, colleague.id].sort());
  const row = items.find(({ userId }) => userId === agent.id);
  expect(row).toMatchObject({ ...meeting, openCases: 1, firstSignInAt: expect.any(String) });
  expect(row?.pauses.map(({ reason }) => reason)).toContain("meeting");
  expect(busy.json()).toMatchObject({ status: 409, code: "BUSY" });
  expect((await force(other.id, meeting)).status).toBe(404);
  for (const path of ["/agents/board", `/agents/${agent.id}/state-history`]) {
    expect((await ask("GET", path, agent)).status).toBe(403);
  }
  const history = expected(
    await ask("GET", `/agents/${agent.id}/state-history?limit=50`, supervisor),
    200,
  ).json<{ items: { state: string; forcedBy?: string }[] }>();
  expect(history.items.slice(0, 4).map(({ state }) => state)).toEqual([
    "available",
    "busy",
    "available",
    "paused",
  ]);
  expect(history.items[3]?.forcedBy).toBe(supervisor.id);
  await until(async () => {
    const log = await ask("GET", `/changes?aggregate=agent&aggregateId=${agent.id}`);
    return log
      .json<{ items: { event: string; actorId: string }[] }>()
      .items.some(
        ({ event, actorId }) => event === "identity.agentStateForced" && actorId === supervisor.id,
      );
  });
});

test("D11: signing out leaves the cases, and makes offline", async () => {
  const gone = await world.aUser("administrator");
  const { id } = (await world.send()).case;
  expected(await enter(id, gone), 200);
  expect((await ask("POST", "/me/heartbeat", gone)).status).toBe(204);

  expect((await ask("POST", "/auth/sign-out", gone)).status).toBe(204);

  await until(async () => {
    const { items } = (await ask("GET", `/cases/${id}/presence`)).json<{ items: object[] }>();
    return items.length === 0;
  });
  const history = `/agents/${gone.id}/state-history`;
  await until(async () => {
    const { items } = (await ask("GET", history)).json<{ items: { state: string }[] }>();
    return items[0]?.state === "offline";
  });
});
