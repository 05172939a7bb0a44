/**
 * P9: many agents edit the same cases at once, and no edit is lost. `AGENTS=50 EDITS=100 CASES=20`
 * runs the whole drill; the suite runs its short form.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { chance } from "../faults/random.ts";
import { expected, type System } from "../system/system.ts";
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
  const administrator = { id: "", token: system.token };
  const { version } = await read(id, administrator);
  const ask = (action: string) =>
    system.http("POST", `/api/v1/cases/${id}/${action}`, { token: system.token });

  const without = await patch(id, administrator, { subject: "x" });
  expected(await patch(id, administrator, { subject: "x" }, version), 200);
  const stale = await patch(id, administrator, { subject: "y" }, version);
  expected(await ask("escalate"), 200);
  const illegal = await ask("escalate");
  expected(await ask("close"), 200);
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
