/**
 * Many cases at once, and many hands on few cases. Of P9 the suite runs a short form, and
 * `AGENTS=50 EDITS=100 CASES=20` the whole drill.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { BulkJob, BulkRow } from "#shared/contracts/cases/bulk.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { until } from "#shared/testing/until.ts";
import { chance } from "../faults/random.ts";
import { askerOf, expected, type System } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

const count = (name: string, usual: number) => Number(process.env[name] ?? usual);
const [agents, edits, many] = [count("AGENTS", 10), count("EDITS", 10), count("CASES", 4)];

let world: World;
let system: System;

beforeAll(async () => {
  world = await startWorld();
  ({ system } = world);
}, 90_000);
afterAll(() => system.stop());

interface Agent {
  id: string;
  token: string;
}

const patch = (id: string, { token }: Agent, body: object, version?: number) =>
  system.http("PATCH", `/api/v1/cases/${id}`, {
    ...{ body, token },
    headers: version === undefined ? {} : { "if-match": `"${String(version)}"` },
  });

const read = async (id: string, { token }: Agent): Promise<Case> =>
  expected(await system.http("GET", `/api/v1/cases/${id}`, { token }), 200).json<Case>();

const admin = (): Agent => ({ id: "", token: system.token });

/** Writes a word behind what is there, again on what somebody else has written meanwhile. */
async function append(id: string, word: string, agent: Agent): Promise<number> {
  for (let refused = 0; ; refused += 1) {
    const { version, description } = await read(id, agent);
    const answer = await patch(id, agent, { description: `${description} ${word}` }, version);
    if (answer.status === 200) return refused;
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([412, "STALE_VERSION"]);
  }
}

test(`P9: of ${String(agents)} agents with ${String(edits)} edits each on ${String(many)} cases none is lost`, async () => {
  const { inbox } = world;
  const people: Agent[] = [];
  for (let made = 0; made < agents; made += 1) people.push(await world.aUser("agent"));
  const put = (part: string, body: unknown) =>
    system.http("PUT", `/api/v1/campaigns/${inbox.campaignId}/${part}`, {
      ...{ body: body as object, token: system.token },
    });
  const seats = people.map(({ id: userId }) => ({ userId, channelIds: [inbox.channelId] }));
  expected(await put("agents", seats), 200);
  expected(await put("options", { queueAssignment: false, agentsSeeAllCases: true }), 200);
  const ids: string[] = [];
  for (let made = 0; made < many; made += 1) ids.push((await world.send()).case.id);
  const before = await Promise.all(ids.map((id) => read(id, people[0]!)));
  const written = new Map(ids.map((id) => [id, [] as string[]]));
  const draw = chance(9);
  let refused = 0;

  await Promise.all(
    people.map(async (agent, place) => {
      for (let edit = 0; edit < edits; edit += 1) {
        const id = draw.pick(ids);
        const word = `a${String(place)}e${String(edit)}`;
        refused += await append(id, word, agent);
        written.get(id)?.push(word);
      }
    }),
  );

  expect(refused).toBeGreaterThan(0);
  for (const [place, id] of ids.entries()) {
    const { version, description } = await read(id, people[0]!);
    const words = description.split(" ").filter((word) => /^a\d+e\d+$/.test(word));
    expect(words.sort()).toEqual(written.get(id)?.sort());
    expect(version).toBe((before[place]?.version ?? 0) + words.length);
  }
}, 900_000);

test("P9: without a version 428, on an older one 412, against the life of a case 409", async () => {
  const { id } = (await world.send()).case;
  const administrator = admin();
  const { version } = await read(id, administrator);
  const act = (action: string) => ask("POST", `/cases/${id}/${action}`);

  const without = await patch(id, administrator, { subject: "x" });
  expected(await patch(id, administrator, { subject: "x" }, version), 200);
  const stale = await patch(id, administrator, { subject: "y" }, version);
  expected(await act("escalate"), 200);
  const illegal = await act("escalate");
  expected(await act("close"), 200);
  const closed = await patch(id, administrator, { subject: "z" }, version + 3);

  const told = [without, stale, illegal, closed].map((one) => [
    one.status,
    one.json<{ code: string }>().code,
  ]);
  expect(told).toEqual([
    [428, "VERSION_NEEDED"],
    [412, "STALE_VERSION"],
    [409, "ILLEGAL_TRANSITION"],
    [409, "CASE_CLOSED"],
  ]);
});

const ask = askerOf(() => system);

/** A campaign with two agents and a supervisor, who take cases by hand. */
async function anOffice() {
  const { campaignId, channelId } = world.inbox;
  const put = (part: string, body: object) =>
    ask("PUT", `/campaigns/${campaignId}/${part}`, { body });
  const [agent, colleague] = [await world.aUser("agent"), await world.aUser("agent")];
  const supervisor = await world.aUser("supervisor");
  const seats = [agent, colleague].map(({ id: userId }) => ({ userId, channelIds: [channelId] }));
  expected(await put("agents", seats), 200);
  expected(await put("supervisors", [supervisor.id]), 200);
  const options = { queueAssignment: false, agentsSeeAllCases: false };
  expected(await put("options", options), 200);
  const aTaken = async ({ token }: Agent = agent): Promise<Case> => {
    const { id } = (await world.send()).case;
    return expected(await ask("POST", `/cases/${id}/take`, { token }), 200).json<Case>();
  };
  return { put, agent, colleague, supervisor, aTaken };
}

/** A job once it is over, with what became of each case. */
async function finished(id: string, { token }: Agent): Promise<{ job: BulkJob; rows: BulkRow[] }> {
  const job = await until(async () => {
    const one = expected(await ask("GET", `/bulk-jobs/${id}`, { token }), 200).json<BulkJob>();
    return ["done", "cancelled"].includes(one.state) && one;
  });
  const rows = expected(await ask("GET", `/bulk-jobs/${id}/rows?limit=200`, { token }), 200);
  return { job, rows: rows.json<{ items: BulkRow[] }>().items };
}

test("F112, F126: many cases are closed by a filter or by name, by agents where they may", async () => {
  const { put, agent, colleague, supervisor, aTaken } = await anOffice();
  const taken = [await aTaken(), await aTaken()];
  const ofColleague = await aTaken(colleague);
  const bulk = ({ token }: Agent, body: object) =>
    ask("POST", "/cases/bulk-close", { body, token });
  const caseIds = [...taken, ofColleague].map(({ id }) => id);

  const forbidden = await bulk(agent, { caseIds });
  expected(await put("options", { allowAgentBulkClose: true }), 200);
  const begun = expected(await bulk(agent, { caseIds }), 202).json<BulkJob>();
  const own = await finished(begun.id, agent);
  const hidden = await ask("GET", `/bulk-jobs/${begun.id}`, colleague);
  const filter = { campaignId: [world.inbox.campaignId], assigneeId: [colleague.id] };
  const filtered = expected(await bulk(supervisor, { filter }), 202).json<BulkJob>();
  const rest = await finished(filtered.id, supervisor);
  expected(await put("options", { allowAgentBulkClose: false }), 200);

  expect(forbidden.status).toBe(403);
  expect(own.job).toMatchObject({ state: "done", total: 3, done: 2, refused: 1 });
  expect(own.rows.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["done", undefined],
    ["done", undefined],
    ["refused", "NOT_FOUND"],
  ]);
  expect(hidden.status).toBe(404);
  expect(rest.rows.map(({ caseId }) => caseId)).toContain(ofColleague.id);
  for (const id of caseIds) expect((await read(id, admin())).status).toBe("closed");
  const list = expected(await ask("GET", "/bulk-jobs?kind=close&count=true", agent), 200);
  expect(list.json()).toMatchObject({ total: 1, items: [{ id: begun.id }] });
  expect((await bulk(supervisor, {})).status).toBe(422);
  expect((await bulk(supervisor, { filter: { colour: "red" } })).status).toBe(422);
});

test("F060, F062, B01: many cases are made at once; the same request again makes no more", async () => {
  const { supervisor } = await anOffice();
  const customer = { firstName: "Grace", lastName: "Hopper" };
  const form = { description: "Came to the desk", campaignId: world.inbox.campaignId };
  const body = {
    cases: [
      { ...form, customer },
      { ...form, customerId: "nobody" },
    ],
  };
  const headers = { "idempotency-key": randomUUID() };
  const make = () => ask("POST", "/cases/bulk", { body, headers, token: supervisor.token });

  const begun = expected(await make(), 202).json<BulkJob>();
  const { job, rows } = await finished(begun.id, supervisor);
  const again = expected(await make(), 202).json<BulkJob>();

  expect(again.id).toBe(begun.id);
  expect(job).toMatchObject({ kind: "create", total: 2, done: 1, refused: 1 });
  expect(rows[1]).toMatchObject({ status: 422, errors: [{ path: "customerId" }] });
  expect(await read(String(rows[0]?.number), admin())).toMatchObject({
    customerName: "Grace Hopper",
  });
  const bad = {
    cases: [
      { ...form, customer },
      { ...form, priority: "urgent" },
    ],
  };
  const refused = await ask("POST", "/cases/bulk", { body: bad, token: supervisor.token });
  expect([refused.status, refused.json()]).toMatchObject([
    422,
    { errors: [{ path: "cases[1].priority" }] },
  ]);
  const cancelled = await ask("POST", `/bulk-jobs/${begun.id}/cancel`, supervisor);
  expect(cancelled.json()).toMatchObject({ state: "done" });
});
