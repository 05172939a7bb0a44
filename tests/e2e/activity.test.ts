/** What happened with a customer: cases, interactions, attachments, dashboard (F050-F058). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { aMessage, expected, makeInbox, post, type Inbox, type System } from "../system/system.ts";
import { startWorld, type Outcome, type World } from "./world.ts";

interface Attachment {
  id: string;
  name: string;
  caseNumber: number;
  url: string;
}
interface Listed {
  items: { id: string; number: number; caseId: string; caseNumber: number; readOnly?: boolean }[];
  nextCursor: string | null;
}
interface Dashboard {
  casesByStatus: { status: string; count: number }[];
  casesByCampaign: { campaignId: string; cases: number; interactions: number }[];
  channels: { channelId: string; inbound: number }[];
  preferredChannel?: { channelId: string };
  lastSuccessfulChannel?: { channelId: string; at: string };
  unavailable: string[];
}

let world: World;
let system: System;
let north: Inbox;
let south: Inbox;

beforeAll(async () => {
  world = await startWorld();
  ({ system, inbox: north } = world);
  south = await makeInbox(system);
}, 90_000);
afterAll(() => system.stop());

const attachment = { name: "año.txt", contentType: "text/plain", contentBase64: "aGk=" };

/** A customer who wrote twice to north, with a file, and once to south, with another. */
async function aCustomer() {
  const from = { type: "email", value: `${randomUUID()}@example.com`, name: "Ada Byron" };
  const send = async (inbox: Inbox, more: object = {}) =>
    expected(await post(system.http, inbox, aMessage({ from, ...more })), 201).json<Outcome>();
  const first = await send(north, { attachments: [attachment] });
  await send(north);
  const other = await send(south, { attachments: [{ ...attachment, name: "b.txt" }] });
  return { id: first.customer.id, north: first.case, south: other.case };
}

const read = async <T = Listed>(path: string, token?: string): Promise<T> =>
  expected(await world.get(path, token), 200).json<T>();

/** An agent of north alone, whose campaign shows others' cases or does not. */
async function anAgent(showOtherCampaigns: boolean): Promise<string> {
  const { id, token } = await world.aUser("agent");
  const put = async (part: string, body: object) => {
    const path = `/api/v1/campaigns/${north.campaignId}/${part}`;
    expected(await system.http("PUT", path, { body, token: system.token }), 200);
  };
  await put("agents", [{ userId: id, channelIds: [north.channelId] }]);
  await put("options", { showOtherCampaigns });
  return token;
}

test("F050, F052: the profile lists the customer's cases, newest first, within a range of creation", async () => {
  const customer = await aCustomer();

  const { items } = await read(`/customers/${customer.id}/cases`);
  const none = await read(`/customers/${customer.id}/cases?createdTo=2020-01-01T00:00:00Z`);

  expect(items.map(({ number }) => number)).toEqual([customer.south.number, customer.north.number]);
  expect(none.items).toEqual([]);
});

test("F144, F007: the customer's interactions over all cases name their case", async () => {
  const customer = await aCustomer();

  const { items } = await read(`/customers/${customer.id}/interactions`);
  const first = await read(`/customers/${customer.id}/interactions?limit=2`);
  const rest = await read(
    `/customers/${customer.id}/interactions?limit=2&cursor=${String(first.nextCursor)}`,
  );

  expect(items.map(({ caseNumber }) => caseNumber)).toEqual([
    customer.south.number,
    customer.north.number,
    customer.north.number,
  ]);
  expect([...first.items, ...rest.items]).toEqual(items);
});

test("F054, F188: the files of all cases of a customer are listed, viewed and downloaded", async () => {
  const customer = await aCustomer();

  const { items } = await read<{ items: Attachment[] }>(`/customers/${customer.id}/attachments`);
  const ofCase = await read<{ items: Attachment[] }>(
    `/cases/${String(customer.north.number)}/attachments`,
  );

  expect(items.map(({ name, caseNumber }) => [name, caseNumber])).toEqual([
    ["b.txt", customer.south.number],
    ["año.txt", customer.north.number],
  ]);
  expect(ofCase.items).toEqual([items[1]]);
  const download = await system.http("GET", String(items[1]?.url), { token: system.token });
  expect([download.status, download.text]).toEqual([200, "hi"]);
});

test("F187, D16: a deleted file is gone, the conversation and the change log tell of it", async () => {
  const customer = await aCustomer();
  const path = `/customers/${customer.id}/attachments`;
  const [file] = (await read<{ items: Attachment[] }>(path)).items;
  const remove = () => system.http("DELETE", String(file?.url), { token: system.token });

  const statuses = [(await remove()).status, (await remove()).status];

  expect(statuses).toEqual([204, 204]);
  expect((await world.get(`/files/${String(file?.id)}`)).status).toBe(404);
  expect((await read(path)).items).toHaveLength(1);
  const told = await until(async () => {
    const page = await read<{ items: { attachments: object[] }[] }>(
      `/cases/${customer.south.id}/conversation`,
    );
    const shown = page.items[0]?.attachments[0] as { deletedAt?: string; name: string };
    return shown.deletedAt && shown;
  });
  expect(told.name).toBe("b.txt");
  const logged = await until(async () => {
    const query = `aggregate=file&aggregateId=${String(file?.id)}`;
    const { items } = await read<{ items: { event: string }[] }>(`/changes?${query}`);
    return items.find(({ event }) => event === "files.deleted");
  });
  expect(logged).toMatchObject({ actorKind: "user" });
});

test("F055-F058: the dashboard counts cases and interactions, and knows the channels", async () => {
  const { id } = await aCustomer();

  const shown = await read<Dashboard>(`/customers/${id}/dashboard`);
  const ofNorth = await read<Dashboard>(
    `/customers/${id}/dashboard?campaignId=${north.campaignId}`,
  );
  const before = await read<Dashboard>(`/customers/${id}/dashboard?to=2020-01-01T00:00:00Z`);

  expect(shown.casesByStatus).toContainEqual({ status: "new", count: 2 });
  expect(shown.casesByCampaign).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ campaignId: north.campaignId, cases: 1, interactions: 2 }),
      expect.objectContaining({ campaignId: south.campaignId, cases: 1, interactions: 1 }),
    ]),
  );
  expect(shown.preferredChannel).toMatchObject({ channelId: north.channelId });
  expect(shown.lastSuccessfulChannel).toMatchObject({ channelId: south.channelId });
  expect(shown.unavailable).toEqual([]);
  expect(ofNorth.channels).toEqual([
    expect.objectContaining({ channelId: north.channelId, inbound: 2 }),
  ]);
  expect(before).toMatchObject({ casesByCampaign: [], channels: [] });
  expect((await world.get(`/customers/${id}/dashboard?from=yesterday`)).status).toBe(422);
});

test.each([
  [true, 2],
  [false, 1],
])(
  "F125: with showOtherCampaigns %s an agent's customer has %s campaigns everywhere",
  async (showOtherCampaigns, campaigns) => {
    const customer = await aCustomer();
    const token = await anAgent(showOtherCampaigns);
    const itemsOf = async (part: string) =>
      (await read(`/customers/${customer.id}/${part}`, token)).items;

    const cases = await itemsOf("cases");
    const interactions = await itemsOf("interactions");
    const files = await itemsOf("attachments");
    const dashboard = await read<Dashboard>(`/customers/${customer.id}/dashboard`, token);
    const others = [
      await world.get(`/cases/${customer.south.id}`, token),
      await world.get(`/cases/${customer.south.id}/conversation`, token),
    ];

    expect(cases).toHaveLength(campaigns);
    expect(cases.filter(({ readOnly }) => readOnly)).toHaveLength(campaigns - 1);
    expect(new Set(interactions.map(({ caseId }) => caseId)).size).toBe(campaigns);
    expect(files).toHaveLength(campaigns);
    expect(dashboard.casesByCampaign).toHaveLength(campaigns);
    const status = showOtherCampaigns ? 200 : 404;
    expect(others.map((answer) => answer.status)).toEqual([status, status]);
  },
);

test("F125: what belongs to other campaigns may only be read", async () => {
  const customer = await aCustomer();
  const token = await anAgent(true);
  const { items } = await read<{ items: Attachment[] }>(
    `/customers/${customer.id}/attachments`,
    token,
  );
  const [ofSouth, ofNorth] = items;

  const refused = await system.http("DELETE", String(ofSouth?.url), { token });
  const allowed = await system.http("DELETE", String(ofNorth?.url), { token });

  expect([refused.status, allowed.status]).toEqual([403, 204]);
  expect(refused.json()).toMatchObject({ code: "READ_ONLY" });
});

test("F050: of a customer who is not there nothing is listed: 404", async () => {
  for (const part of ["cases", "interactions", "attachments", "dashboard"]) {
    const { status } = await world.get(`/customers/${randomUUID()}/${part}`);
    expect([part, status]).toEqual([part, 404]);
  }
});
