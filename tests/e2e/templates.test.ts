/** Templates of messages, tags of cases and preferences, through the gateway, for each role. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { ifMatch, startTeam, type Team } from "./team.ts";

let team: Team;
let ask: Team["ask"];

beforeAll(async () => {
  team = await startTeam();
  ({ ask } = team);
}, 90_000);
afterAll(() => team.system.stop());

const statuses = async (answers: Promise<{ status: number }>[]) =>
  (await Promise.all(answers)).map(({ status }) => status);

interface Named {
  id: string;
  name: string;
  version: number;
}
const namesOf = (answer: { json: <T>() => T }) =>
  answer.json<{ items: Named[] }>().items.map(({ name }) => name);

async function aTemplate(said: object = {}) {
  const facts = { name: randomUUID(), channelType: "webchat", text: "Hello {{customer.name}}" };
  const made = await ask("POST", "/templates", team.system, { ...facts, ...said });
  return expected(made, 201).json<Named>();
}

test("F165, F166, F226, G15: administrators set up templates, and nobody else", async () => {
  const { agent, supervisor, administrator, inbox } = team;
  const category = expected(
    await ask("POST", "/template-categories", administrator, { name: randomUUID() }),
    201,
  ).json<Named>();
  const template = await aTemplate({ categoryId: category.id });
  const path = `/templates/${template.id}`;

  const changed = await ask("PATCH", path, administrator, { text: "Hi" }, ifMatch(1));

  expect(expected(changed, 200).headers.etag).toBe('"2"');
  for (const someone of [agent, supervisor, { token: inbox.key }]) {
    const refused = await statuses([
      ask("GET", "/templates", someone),
      ask("GET", path, someone),
      ask("POST", "/templates", someone, { name: "x", channelType: "sms", text: "x" }),
      ask("PATCH", path, someone, { text: "x" }, ifMatch(2)),
      ask("POST", `${path}/duplicate`, someone, { name: "x" }),
      ask("DELETE", path, someone),
      ask("POST", "/template-categories", someone, { name: "x" }),
      ask("DELETE", `/template-categories/${category.id}`, someone),
    ]);
    expect(new Set(refused)).toEqual(new Set([403]));
  }
  expect(
    await statuses([
      ask("PATCH", path, administrator, { text: "x" }),
      ask("PATCH", path, administrator, { text: "x" }, ifMatch(1)),
      ask("PATCH", path, administrator, { text: "{{case.secret}}" }, ifMatch(2)),
      ask("POST", "/templates", administrator, { name: "x", channelType: "sms" }),
      ask("DELETE", `/template-categories/${category.id}`, administrator),
      ask("GET", `/templates/${randomUUID()}`, administrator),
      ask("GET", "/template-categories", agent),
    ]),
  ).toEqual([428, 412, 422, 422, 409, 404, 200]);
  const log = await until(async () => {
    const answer = await ask("GET", `/changes?aggregate=template&aggregateId=${template.id}`);
    const { items } = answer.json<{ items: { event: string; actorId: string }[] }>();
    return items.length === 2 && items;
  });
  expect(log[0]).toMatchObject({
    ...{ event: "channels.templateChanged", actorId: administrator.id },
  });
});

test("F152, G15: who writes in a case loads a template of its campaign and channel into the message", async () => {
  const { agent, supervisor, stranger, inbox } = team;
  const { case: kase } = await team.send({
    from: { type: "email", value: `${randomUUID()}@example.com`, name: "Ada Byron" },
  });
  const word = randomUUID();
  const fit = await aTemplate({
    name: `a ${word}`,
    text: "Dear {{customer.name}}, case {{case.number}}{{account.number}}. {{user.name}}",
    ...{ campaignIds: [inbox.campaignId], channelIds: [inbox.channelId] },
  });
  const other = await aTemplate({ name: `b ${word}`, channelType: "sms" });
  await aTemplate({ name: `c ${word}`, enabled: false });
  const path = `/cases/${String(kase.number)}/templates`;

  const all = await ask("GET", `${path}?q=${word}`, agent);
  const ofChannel = await ask("GET", `${path}?q=${word}&channelId=${inbox.channelId}`, supervisor);
  const filled = await ask("GET", `${path}/${fit.id}?channelId=${inbox.channelId}`, agent);

  expect(namesOf(expected(all, 200))).toEqual([`a ${word}`, `b ${word}`]);
  expect(namesOf(expected(ofChannel, 200))).toEqual([`a ${word}`]);
  expect(expected(filled, 200).json()).toMatchObject({
    text: `Dear Ada Byron, case ${String(kase.number)}. A agent`,
    empty: ["account.number"],
  });
  expect(
    await statuses([
      ask("GET", `${path}/${other.id}?channelId=${inbox.channelId}`, agent),
      ask("GET", `${path}?channelId=${randomUUID()}`, agent),
      ask("GET", path, stranger),
      ask("GET", `${path}/${fit.id}`, stranger),
      ask("GET", path, { token: inbox.key }),
      ask("GET", `${path}?colour=red`, agent),
    ]),
  ).toEqual([404, 422, 404, 404, 403, 422]);
});

test("G03: tags of cases by each role: set, found, counted; not by who does not see the case", async () => {
  const { agent, colleague, supervisor, stranger, administrator, inbox } = team;
  const { case: kase } = await team.send();
  const path = `/cases/${kase.id}/tags`;
  const tag = randomUUID();

  const tagged = await ask("POST", path, agent, { add: [tag, "vip"] });
  const { version } = expected(tagged, 200).json<{ version: number }>();
  const tags = { tags: [tag] };
  const changed = await ask("PATCH", `/cases/${kase.id}`, supervisor, tags, ifMatch(version));

  expect(expected(changed, 200).json()).toMatchObject(tags);
  const list = `/cases?campaignId=${inbox.campaignId}&tag=${tag}`;
  for (const someone of [agent, colleague, supervisor, administrator]) {
    const found = expected(await ask("GET", list, someone), 200);
    expect(found.json<{ items: Named[] }>().items.map(({ id }) => id)).toEqual([kase.id]);
    const used = await ask("GET", `/cases/tags?campaignId=all&q=${tag.toUpperCase()}`, someone);
    expect(expected(used, 200).json()).toEqual({ items: [{ tag, count: 1 }], isComplete: true });
  }
  const unseen = await ask("GET", `/cases/tags?campaignId=all&q=${tag}`, stranger);
  expect(unseen.json()).toEqual({ items: [], isComplete: true });
  expect(
    await statuses([
      ask("POST", path, stranger, { add: ["x"] }),
      ask("POST", path, { token: inbox.key }, { add: ["x"] }),
      ask("POST", path, agent, { add: ["a,b"] }),
      ask("POST", path, agent, { add: Array.from({ length: 21 }, String) }),
      ask("PATCH", `/cases/${kase.id}`, agent, { tags: ["x"] }),
      ask("PATCH", `/cases/${kase.id}`, agent, { tags: ["x"] }, ifMatch(version)),
      ask("GET", list, stranger),
    ]),
  ).toEqual([404, 403, 422, 422, 428, 412, 200]);
  const log = await until(async () => {
    const answer = await ask("GET", `/cases/${kase.id}/changes`, administrator);
    const { items } = answer.json<{ items: { changes: object[] }[] }>();
    const found = items.flatMap(({ changes }) => changes);
    return JSON.stringify(found).includes('"new":["' + tag + '"]') && found;
  });
  expect(log).toContainEqual({
    ...{ field: "tags", old: [tag, "vip"].sort(), new: [tag], personal: true },
  });
  expect((await ask("POST", `/cases/${kase.id}/close`, supervisor)).status).toBe(200);
  expect((await ask("POST", path, agent, { add: ["late"] })).status).toBe(409);
});

test("F075: each user chooses two columns or three, for every machine", async () => {
  const { agent, colleague, inbox } = team;

  const before = expected(await ask("GET", "/me", agent), 200);
  const two = await ask("PATCH", "/me", agent, { preferences: { viewColumns: 2 } });

  expect(before.json()).toMatchObject({ preferences: { viewColumns: 3 } });
  expect(expected(two, 200).json()).toMatchObject({ preferences: { viewColumns: 2 } });
  expect((await ask("GET", "/me", agent)).json()).toMatchObject({
    preferences: { viewColumns: 2 },
  });
  expect((await ask("GET", "/me", colleague)).json()).toMatchObject({
    preferences: { viewColumns: 3 },
  });
  expect(
    await statuses([
      ask("PATCH", "/me", agent, { preferences: { viewColumns: 4 } }),
      ask("PATCH", "/me", agent, { preferences: 2 as unknown as object }),
      ask("PATCH", "/me", { token: inbox.key }, { preferences: { viewColumns: 2 } }),
    ]),
  ).toEqual([422, 422, 403]);
});
