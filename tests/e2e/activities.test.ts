/** Activities, agendas and calendar feeds through the gateway, for each role. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { aMessage, expected, makeInbox, post, type Inbox, type System } from "../system/system.ts";
import { startWorld, type Outcome, type World } from "./world.ts";

type Person = Awaited<ReturnType<World["aUser"]>>;
interface Activity {
  id: string;
  disposition?: string;
  nextActionAt?: string;
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

let world: World;
let system: System;
let inbox: Inbox;
let ada: Person;
let supervisor: Person;
let stranger: Person;

const ask = (
  method: string,
  path: string,
  { token }: { token: string },
  body?: object,
  headers?: Record<string, string>,
) => system.http(method, `/api/v1${path}`, { token, body, headers });

const outcome = {
  ...{ key: "outcome", label: "Outcome", type: "singleChoice", required: true },
  options: ["Solved", "Call back"],
};

beforeAll(async () => {
  world = await startWorld();
  ({ system } = world);
  inbox = await makeInbox(system);
  [ada, stranger] = [await world.aUser("agent"), await world.aUser("agent")];
  supervisor = await world.aUser("supervisor");
  const campaign = `/campaigns/${inbox.campaignId}`;
  const items = [{ userId: ada.id, channelIds: [inbox.channelId] }];
  expected(await ask("PUT", `${campaign}/agents`, system, { items }), 200);
  expected(await ask("PUT", `${campaign}/supervisors`, system, { items: [supervisor.id] }), 200);
  const options = { queueAssignment: false, prefillActivityForm: true };
  expected(await ask("PUT", `${campaign}/options`, system, options), 200);
  const made = await ask("POST", "/activity-forms", system, { name: `Form ${randomUUID()}` });
  const form = expected(made, 201).json<{ id: string; fields: object[] }>();
  const fields = { fields: [...form.fields, outcome] };
  const changing = { "if-match": '"1"' };
  expected(await ask("PATCH", `/activity-forms/${form.id}`, system, fields, changing), 200);
  const { version } = expected(await ask("GET", campaign, system), 200).json<{ version: number }>();
  const chosen = { activityFormId: form.id, mainField: "outcome", timeZone: "America/Bogota" };
  const read = { "if-match": `"${String(version)}"` };
  expected(await ask("PATCH", campaign, system, chosen, read), 200);
}, 90_000);
afterAll(() => system.stop());

/** A case that Ada has taken. */
async function hers(subject = "Where is my order?"): Promise<{ id: string; number: number }> {
  const filed = expected(await post(system.http, inbox, aMessage({ subject })), 201);
  const { id, number } = filed.json<Outcome>().case;
  expected(await ask("POST", `/cases/${id}/take`, ada, {}), 200);
  return { id, number };
}

const answers = {
  ...{ observations: "She wants the invoice", outcome: "Call back" },
  ...{ nextActionDate: "2031-05-05", nextActionTime: "08:30" },
};
const nextActionAt = "2031-05-05T13:30:00.000Z";

test("F170, F172, F174, F179, F180, F181, F115, D18: an agent manages a case, and everybody concerned sees it", async () => {
  const { id, number } = await hers();
  const path = `/cases/${String(number)}/activities`;
  const key = { "idempotency-key": randomUUID() };

  const saved = expected(await ask("POST", path, ada, { answers }, key), 201);
  const again = expected(await ask("POST", path, ada, { answers }, key), 201);

  const activity = saved.json<Activity>();
  expect(activity).toMatchObject({ caseId: id, disposition: "Call back", nextActionAt, answers });
  expect(saved.headers.location).toBe(`/api/v1${path}/${activity.id}`);
  expect(again.json<Activity>()).toEqual(activity);
  expect(again.headers["idempotent-replayed"]).toBe("true");
  for (const who of [ada, supervisor, system]) {
    const list = expected(await ask("GET", path, who), 200).json<Page<Activity>>();
    expect(list.items).toEqual([
      expect.objectContaining({
        ...{ id: activity.id, observations: answers.observations, createdByName: "A agent" },
      }),
    ]);
    const whole = expected(await ask("GET", `${path}/${activity.id}`, who), 200);
    expect(whole.json()).toMatchObject({ answers, fields: expect.arrayContaining([outcome]) });
    const kase = expected(await ask("GET", `/cases/${id}`, who), 200).json();
    expect(kase).toMatchObject({ activityCount: 1, disposition: "Call back", nextActionAt });
  }
  const logged = await until(async () => {
    const log = await ask("GET", `/changes?aggregate=activity&aggregateId=${activity.id}`, system);
    return log.json<Page<{ event: string; actorId: string; changes: object[] }>>().items[0];
  });
  expect(logged).toMatchObject({ event: "cases.activitySaved", actorId: ada.id });
  expect(logged.changes).toContainEqual({
    ...{ field: "answers.observations", old: null, new: answers.observations, personal: true },
  });
});

test("F164, B12: saving an activity clears its draft, and a refused one keeps it", async () => {
  const { id } = await hers();
  const draft = `/cases/${id}/drafts/activity`;
  const path = `/cases/${id}/activities`;
  const content = '{"observations":"Half of what"}';
  expected(await ask("PUT", draft, ada, { content }), 200, 201);

  const refused = await ask("POST", path, ada, { answers: { outcome: "Maybe" } });
  const kept = await ask("GET", draft, ada);
  expected(await ask("POST", path, ada, { answers }), 201);
  const cleared = await ask("GET", draft, ada);

  expect([refused.status, kept.status, cleared.status]).toEqual([422, 200, 404]);
});

test("F171, G16: what does not fit the form is refused by field; strangers find nothing, connectors may not", async () => {
  const { id } = await hers();
  const path = `/cases/${id}/activities`;
  const wrong = { outcome: "Maybe", nextActionTime: "25:00", other: "x" };

  const refused = await ask("POST", path, ada, { answers: wrong });
  const nested = await ask("POST", path, ada, { answers: { outcome: { $ne: null } } });
  const timeAlone = await ask("POST", path, ada, {
    answers: { outcome: "Solved", nextActionTime: "10:00" },
  });

  expect(refused.status).toBe(422);
  expect(refused.json<{ errors: { path: string }[] }>().errors.map((fault) => fault.path)).toEqual([
    "answers.other",
    "answers.nextActionTime",
    "answers.outcome",
  ]);
  expect([nested.status, timeAlone.status]).toEqual([422, 422]);
  const key = { token: inbox.key };
  for (const [who, status] of [
    [stranger, 404],
    [key, 403],
    [{ token: "" }, 401],
  ] as const) {
    const statuses = [
      await ask("POST", path, who, { answers: { outcome: "Solved" } }),
      await ask("GET", path, who),
      await ask("GET", `${path}/prefill`, who),
    ].map((answer) => answer.status);
    expect(statuses).toEqual([status, status, status]);
  }
  expect((await ask("GET", path, ada)).json<Page<Activity>>().items).toEqual([]);
});

test("F177: with the campaign's option the next form begins with what was said last", async () => {
  const { id } = await hers();
  expected(await ask("POST", `/cases/${id}/activities`, ada, { answers }), 201);

  const begun = expected(await ask("GET", `/cases/${id}/activities/prefill`, ada), 200);

  expect(begun.json()).toMatchObject({ answers, formVersion: 2 });
});

test("F178: the agenda is its agent's, the supervisor's to see, and of others only their own", async () => {
  const { id } = await hers();
  const day = { ...answers, nextActionDate: "2032-02-02" };
  expected(await ask("POST", `/cases/${id}/activities`, ada, { answers: day }), 201);
  const window = "from=2032-02-02T00:00:00Z&to=2032-02-03T00:00:00Z";
  const agendaOf = async (who: { token: string }, more: string) => {
    const answer = await ask("GET", `/agenda?${window}${more}`, who);
    if (answer.status !== 200) return answer.status;
    return answer.json<Page<{ case?: { id: string } }>>().items.map((item) => item.case?.id);
  };

  expect(await agendaOf(ada, "")).toEqual([id]);
  expect(await agendaOf(supervisor, `&userId=${ada.id}`)).toEqual([id]);
  expect(await agendaOf(supervisor, `&caseId=${id}`)).toEqual([id]);
  expect(await agendaOf(system, `&userId=${ada.id}`)).toEqual([id]);
  expect(await agendaOf(stranger, "")).toEqual([]);
  expect(await agendaOf(stranger, `&userId=${ada.id}`)).toBe(404);
  expect(await agendaOf(stranger, `&caseId=${id}`)).toBe(404);
  expect(await agendaOf(ada, `&userId=${ada.id}&caseId=${id}`)).toBe(422);
  expect(await agendaOf({ token: inbox.key }, "")).toBe(403);
});

test("F178, B09: a calendar reads by a secret link, without signing in, until that is revoked", async () => {
  const { id, number } = await hers("My bank account");
  const soon = new Date(Date.now() + 86_400_000).toISOString();
  const planned = { ...answers, nextActionDate: soon.slice(0, 10) };
  expected(await ask("POST", `/cases/${id}/activities`, ada, { answers: planned }), 201);
  const key = { "idempotency-key": randomUUID() };
  const made = expected(await ask("POST", "/agenda/links", ada, {}, key), 201);
  const { id: linkId, url } = made.json<{ id: string; url: string }>();
  const again = await ask("POST", "/agenda/links", ada, {}, key);
  const read = (path: string) => system.http("GET", path);

  const feed = expected(await read(url), 200);

  expect(again.json()).toMatchObject({ code: "IDEMPOTENCY_ANSWER_NOT_KEPT" });
  expect(feed.headers).toMatchObject({
    "content-type": "text/calendar; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
  });
  expect(feed.text).toContain(`SUMMARY:Case ${String(number)}\r\n`);
  expect(feed.text).not.toContain("bank");
  const listed = expected(await ask("GET", "/agenda/links", ada), 200);
  expect(listed.json<Page<object>>().items).toHaveLength(1);
  expect((await ask("DELETE", `/agenda/links/${linkId}`, stranger)).status).toBe(404);
  expect((await ask("DELETE", `/agenda/links/${linkId}`, ada)).status).toBe(204);
  const gone = await read(url);
  const unknown = await read("/api/v1/agenda-feeds/nothing");
  const shapeOf = ({ status, json }: typeof gone) => {
    const { requestId: _request, ...problem } = json();
    return { status, problem };
  };
  expect(gone.status).toBe(404);
  expect(shapeOf(gone)).toEqual(shapeOf(unknown));
});
