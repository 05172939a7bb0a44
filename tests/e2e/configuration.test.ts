/** The configuration of campaigns through the gateway: forms, script, tabs, calendar, the archive. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { askerOf, aMessage, expected, makeInbox, post, type System } from "../system/system.ts";
import { startWorld, type Outcome, type World } from "./world.ts";

interface Made {
  id: string;
  version: number;
}
interface Problem {
  code: string;
  errors?: { path: string }[];
}

let world: World;
let system: System;

beforeAll(async () => {
  world = await startWorld();
  ({ system } = world);
}, 90_000);
afterAll(() => system.stop());

const ask = askerOf(() => system);

const make = async (path: string, body: object) =>
  expected(await ask("POST", path, { body }), 201).json<Made>();
const aCampaign = (more: object = {}) => make("/campaigns", { name: randomUUID(), ...more });
const refusal = async (answer: ReturnType<typeof ask>) => {
  const { status, json } = await answer;
  return [status, json<Problem>().errors?.map(({ path }) => path)];
};

const usual = [
  { key: "observations", label: "Observations", type: "longText" },
  { key: "nextActionDate", label: "Next date", type: "date" },
  { key: "nextActionTime", label: "Next time", type: "time" },
];
const result = { key: "result", label: "Result", type: "singleChoice", options: ["Yes", "No"] };

test("F170, F171, G06, G16: a campaign has a form in versions, and its main field", async () => {
  const agent = await world.aUser("agent");
  const name = randomUUID();

  const form = await make("/activity-forms", { name, fields: [...usual, result] });
  const without = ask("POST", "/activity-forms", {
    body: { name: randomUUID(), fields: [result, usual[1], usual[2]] },
  });
  expect(await refusal(without)).toEqual([422, ["fields"]]);
  const campaign = await aCampaign({ activityFormId: form.id, mainField: "result" });
  const path = `/activity-forms/${form.id}`;
  const blind = await ask("PATCH", path, { body: { description: "x" } });
  const removed = await ask("PATCH", path, { body: { fields: usual }, version: 1 });
  const changed = expected(
    await ask("PATCH", path, { body: { description: "For sales" }, version: 1 }),
    200,
  );

  expect([blind.status, removed.status]).toEqual([428, 409]);
  expect(removed.json<Problem>().code).toBe("MAIN_FIELD_IN_USE");
  expect(changed.headers.etag).toBe('"2"');
  const first = expected(await ask("GET", `${path}/versions/1`, agent), 200).json();
  expect(first).toMatchObject({ description: "", version: 1 });
  expect((await ask("GET", `${path}/versions/nine`)).status).toBe(404);
  expect((await ask("GET", "/activity-forms", agent)).status).toBe(403);
  const list = expected(await ask("GET", `/activity-forms?q=${name}`), 200);
  expect(list.json()).toMatchObject({ items: [{ id: form.id }], nextCursor: null });
  const own = expected(await ask("GET", `/campaigns/${campaign.id}/activity-form`), 200);
  expect(own.json()).toMatchObject({ id: form.id, version: 2 });
  const other = ask("PATCH", `/campaigns/${campaign.id}`, {
    body: { mainField: "observations" },
    version: 1,
  });
  expect(await refusal(other)).toEqual([422, ["mainField"]]);
});

test("F196: channels, agents, supervisors, accounts, script, options and tabs are each set and read", async () => {
  const [agent, supervisor] = [await world.aUser("agent"), await world.aUser("supervisor")];
  const { id } = await aCampaign();
  const path = `/campaigns/${id}`;
  const { id: channelId } = await make("/channels", {
    ...{ name: "Mail", type: "email", direction: "both", campaignId: id },
  });
  const agents = [{ userId: agent.id, channelIds: [channelId] }];
  const tab = { title: "CRM", kind: "link", address: "https://8.8.8.8/{{customer.id}}" };
  const set = async (section: string, body: object) =>
    expected(await ask("PUT", `${path}/${section}`, { body }), 200);

  await set("channels", [channelId]);
  await set("agents", agents);
  await set("supervisors", { items: [supervisor.id] });
  await set("script", { html: "<p>Hello</p>" });
  await set("options", { allowCaseMerge: false });
  await set("tabs", [tab]);

  const campaign = expected(await ask("GET", path), 200).json();
  expect(campaign).toMatchObject({
    ...{ channelIds: [channelId], agents, supervisorIds: [supervisor.id] },
    options: { allowCaseMerge: false, allowTranscript: true },
  });
  const read = async (section: string) =>
    expected(await ask("GET", `${path}/${section}`), 200).json<object>();
  expect(await read("script")).toMatchObject({ html: "<p>Hello</p>" });
  expect(await read("tabs")).toMatchObject({ items: [tab] });
  const accounts = await ask("GET", `/imports?campaignId=${id}`, supervisor);
  expect(expected(accounts, 200).json()).toEqual({ items: [], nextCursor: null });
});

test("F195, F201-F203: administrators set script and tabs, agents of the campaign read them", async () => {
  const [agent, stranger] = [await world.aUser("agent"), await world.aUser("agent")];
  const { id } = await aCampaign();
  const path = `/campaigns/${id}`;
  const agents = [{ userId: agent.id, channelIds: [] }];
  expected(await ask("PUT", `${path}/agents`, { body: agents }), 200);
  const html = "<p onclick='x()'>Hello {{customer.name}}</p>";
  const tab = { title: "CRM", kind: "link", address: "https://8.8.8.8/{{customer.id}}" };

  const script = expected(await ask("PUT", `${path}/script`, { body: { html } }), 200);
  const tabs = expected(await ask("PUT", `${path}/tabs`, { body: [tab] }), 200);
  const stale = await ask("PUT", `${path}/tabs`, { body: [], version: 1 });
  const denied = await ask("PUT", `${path}/script`, { body: { html }, ...agent });

  expect(script.json()).toEqual({ html: "<p>Hello {{customer.name}}</p>", version: 3 });
  expect(tabs.headers.etag).toBe('"4"');
  expect([stale.status, denied.status]).toEqual([412, 403]);
  for (const part of ["script", "tabs", "activity-form"]) {
    expect((await ask("GET", `${path}/${part}`, agent)).status).toBe(200);
    expect((await ask("GET", `${path}/${part}`, stranger)).status).toBe(404);
  }
  const seen = expected(await ask("GET", path, agent), 200).json<object>();
  expect(seen).toMatchObject({ agentIds: [agent.id], channelIds: [] });
  expect(seen).not.toHaveProperty("agents");
  expect(seen).not.toHaveProperty("externalView");
});

test("F198, F202-F204: bad configuration names its field, and nothing of it is kept", async () => {
  const agent = await world.aUser("agent");
  const other = await makeInbox(system);
  const { id } = await aCampaign();
  const path = `/campaigns/${id}`;
  const patch = (body: object) => refusal(ask("PATCH", path, { body, version: 1 }));
  const put = (part: string, body: object) => refusal(ask("PUT", `${path}/${part}`, { body }));
  const monday = { weekday: "monday", from: "08:00", to: "17:00" };

  expect(await put("agents", [{ userId: agent.id, channelIds: [other.channelId] }])).toEqual([
    422,
    ["items[0].channelIds[0]"],
  ]);
  expect(await patch({ timeZone: "Mars/Olympus" })).toEqual([422, ["timeZone"]]);
  expect(await patch({ calendar: { hours: [monday, { ...monday, from: "16:00" }] } })).toEqual([
    422,
    ["calendar.hours[1]"],
  ]);
  expect(await patch({ activityFormId: "none" })).toEqual([422, ["activityFormId"]]);
  expect(await patch({ startsAt: "2026-05-01T00:00:00Z", endsAt: "2026-04-01T00:00:00Z" })).toEqual(
    [422, ["endsAt"]],
  );
  const inside = { title: "Inside", kind: "integration", address: "https://2130706433/" };
  const findings = [{ key: "debt", label: "Debt", path: "debt" }];
  expect(await put("tabs", [{ ...inside, findings }])).toEqual([422, ["items[0].address"]]);
  expect(await put("script", { html: "{{customer.secret}}" })).toEqual([422, ["html"]]);
  expect(await put("options", { linkedCallQueues: [id] })).toEqual([422, ["linkedCallQueues[0]"]]);

  expect(expected(await ask("GET", path), 200).json()).toMatchObject({ version: 1, agents: [] });
});

test("G05: a disabled or archived campaign takes no messages, and its cases stay", async () => {
  const supervisor = await world.aUser("supervisor");
  const own = await makeInbox(system);
  const path = `/campaigns/${own.campaignId}`;
  expected(await ask("PUT", `${path}/supervisors`, { body: [supervisor.id] }), 200);
  const { case: kase } = expected(await post(system.http, own, aMessage()), 201).json<Outcome>();
  const change = async (body: object) => {
    const { version } = expected(await ask("GET", path), 200).json<Made>();
    return expected(await ask("PATCH", path, { body, version }), 200).json<Made>();
  };
  const posted = () => post(system.http, own, aMessage());

  await change({ archived: true });

  const refused = await until(async () => {
    const answer = await posted();
    return answer.status === 409 && answer;
  });
  expect(refused.json<Problem>().code).toBe("CHANNEL_NOT_RECEIVING");
  const read = await ask("GET", `/cases/${kase.id}`, supervisor);
  expect(read.status).toBe(200);
  const more = { customerId: "x", description: "By hand", campaignId: own.campaignId };
  expect(await refusal(ask("POST", "/cases", { body: more }))).toEqual([422, ["campaignId"]]);
  const channel = { name: "New", type: "email", direction: "both", campaignId: own.campaignId };
  expect(await refusal(ask("POST", "/channels", { body: channel }))).toEqual([422, ["campaignId"]]);
  const frozen = await ask("PUT", `${path}/options`, { body: { allowTranscript: false } });
  expect(frozen.json<Problem>()).toMatchObject({ status: 409, code: "CAMPAIGN_ARCHIVED" });

  await change({ archived: false, enabled: true });
  await until(async () => (await posted()).status === 201);
});

test("G05: a campaign is duplicated", async () => {
  const { id } = await aCampaign({ calendar: { holidays: [{ day: "2026-12-25" }] } });
  expected(await ask("PUT", `/campaigns/${id}/script`, { body: { html: "Hi" } }), 200);
  const name = randomUUID();

  const copy = await make(`/campaigns/${id}/duplicate`, { name });

  expect(copy).toMatchObject({ name, calendar: { holidays: [{ day: "2026-12-25" }] } });
  const script = expected(await ask("GET", `/campaigns/${copy.id}/script`), 200);
  expect(script.json()).toEqual({ html: "Hi", version: 1 });
  expect((await ask("POST", `/campaigns/${id}/duplicate`, { body: { name } })).status).toBe(409);
});
