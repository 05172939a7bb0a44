import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import type { Answer } from "../system/http.ts";
import { expected, type System } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

interface Made {
  id: string;
  version: number;
  [field: string]: unknown;
}

let world: World;
let system: System;

beforeAll(async () => {
  world = await startWorld();
  ({ system } = world);
}, 90_000);
afterAll(() => system.stop());

const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  system.http(method, `/api/v1${path}`, {
    ...(body ? { body } : {}),
    token: system.token,
    headers,
  });
const make = async (path: string, body: object): Promise<Made> =>
  expected(await send("POST", path, body), 201).json<Made>();
const patch = (path: string, version: number, body: object): Promise<Answer> =>
  send("PATCH", path, body, { "if-match": `"${String(version)}"` });
const itemsOf = async (path: string): Promise<Made[]> =>
  expected(await world.get(path), 200).json<{ items: Made[] }>().items;

const aCustomer = (firstName = "Ada") => make("/customers", { firstName });
const aCase = (customerId: string, more: object = {}) =>
  make("/cases", {
    customerId,
    campaignId: world.inbox.campaignId,
    description: "The line is dead",
    ...more,
  });

test("F027-F032, G18: a customer's accounts are added, listed, edited and searched by", async () => {
  const customer = await aCustomer();
  const path = `/customers/${customer.id}/accounts`;
  const number = `${randomUUID().slice(0, 8)} / 77`;
  const extraFields = [{ name: "Plan", value: "Gold" }];

  const answer = expected(await send("POST", path, { number, extraFields }), 201);
  const account = answer.json<Made>();
  const twice = await send("POST", path, { number: number.toUpperCase() });
  const unguarded = await send("PATCH", `${path}/${account.id}`, { number: "x" });
  const changed = expected(await patch(`${path}/${account.id}`, 1, { number: "ZX-9" }), 200);
  const stale = await patch(`${path}/${account.id}`, 1, { number: "ZX-10" });
  const refused = await patch(`${path}/${account.id}`, 2, { number: "-" });

  expect(answer.headers).toMatchObject({
    etag: '"1"',
    location: `/api/v1${path}/${account.id}`,
  });
  expect(twice.status).toBe(409);
  expect(twice.json()).toMatchObject({ code: "ACCOUNT_EXISTS", existingId: account.id });
  expect([unguarded.status, stale.status, refused.status]).toEqual([428, 412, 422]);
  expect(refused.json()).toMatchObject({ errors: [{ path: "number" }] });
  expect(changed.headers["etag"]).toBe('"2"');
  expect(await itemsOf(path)).toMatchObject([{ id: account.id, number: "ZX-9", extraFields }]);
  expect((await itemsOf("/customers?q=zx9")).map(({ id }) => id)).toEqual([customer.id]);
});

test("F004, F034, F062, F067, F073: a case shows its account's number, and follows it", async () => {
  const customer = await aCustomer();
  const account = await make(`/customers/${customer.id}/accounts`, { number: "AC-1" });
  const accountPath = `/customers/${customer.id}/accounts/${account.id}`;

  const kase = await aCase(customer.id, { accountId: account.id });
  expected(await patch(accountPath, 1, { number: "AC-2" }), 200);

  expect(kase).toMatchObject({ accountId: account.id, accountNumber: "AC-1" });
  const followed = await until(async () => {
    const read = expected(await world.get(`/cases/${kase.id}`), 200).json<Made>();
    return read["accountNumber"] === "AC-2" && read;
  });
  expect(followed).toMatchObject({ version: 1, customerId: customer.id });
  const shown = expected(await world.get(accountPath), 200).json<Made>();
  expect(shown).toMatchObject({ number: "AC-2", customerId: customer.id });
});

test("F030, F031, F080, F081: an account is added from a case and linked to it", async () => {
  const agent = await world.aUser("agent");
  const customer = await aCustomer();
  const kase = await aCase(customer.id);
  const account = await make(`/customers/${customer.id}/accounts`, { number: "AC-3" });
  const stranger = await make(`/customers/${(await aCustomer()).id}/accounts`, { number: "AC-3" });
  const path = `/cases/${kase.id}`;

  const foreign = await patch(path, 1, { accountId: stranger.id });
  const unseen = await system.http("PATCH", `/api/v1${path}`, {
    body: { priority: "low" },
    token: agent.token,
    headers: { "if-match": '"1"' },
  });
  const linked = expected(await patch(path, 1, { accountId: account.id, priority: "high" }), 200);
  const stale = await patch(path, 1, { priority: "low" });

  expect(foreign.json()).toMatchObject({ status: 422, errors: [{ path: "accountId" }] });
  expect([unseen.status, stale.status]).toEqual([404, 412]);
  expect(linked.json()).toMatchObject({
    accountId: account.id,
    accountNumber: "AC-3",
    priority: "high",
    version: 2,
  });
});

test("F033, D16: a deleted account leaves its cases and lists, and stays in the change log", async () => {
  const customer = await aCustomer();
  const account = await make(`/customers/${customer.id}/accounts`, { number: "AC-4" });
  const path = `/customers/${customer.id}/accounts/${account.id}`;
  const kase = await aCase(customer.id, { accountId: account.id });

  const deleted = await send("DELETE", path);

  expect(deleted.status).toBe(204);
  expect([(await world.get(path)).status, (await send("DELETE", path)).status]).toEqual([404, 404]);
  expect(await itemsOf(`/customers/${customer.id}/accounts`)).toEqual([]);
  const unlinked = await until(async () => {
    const read = expected(await world.get(`/cases/${kase.id}`), 200).json<Made>();
    return read["accountId"] === undefined && read;
  });
  expect(unlinked).not.toHaveProperty("accountNumber");
  const logged = (aggregate: string, id: string, event: string) =>
    until(async () => {
      const entries = await itemsOf(`/changes?aggregate=${aggregate}&aggregateId=${id}`);
      return entries.find((entry) => entry["event"] === event);
    });
  const end = await logged("account", account.id, "customers.accountDeleted");
  expect(end["changes"]).toContainEqual({
    field: "number",
    old: "AC-4",
    new: null,
    personal: true,
  });
  const change = await logged("case", kase.id, "cases.changed");
  expect(change["changes"]).toContainEqual({ field: "accountId", old: account.id, new: null });
});

test("F046-F049: relations are seen, edited and deleted from both sides", async () => {
  const [ada, byron] = [await aCustomer("Ada"), await aCustomer("Byron")];
  const [hers, his] = [`/customers/${ada.id}/relations`, `/customers/${byron.id}/relations`];
  const labels = { sourceLabel: "mother", targetLabel: "son" };

  const relation = await make(hers, { relatedCustomerId: byron.id, ...labels });
  const double = await send("POST", his, { relatedCustomerId: ada.id, ...labels });
  const self = await send("POST", his, { relatedCustomerId: byron.id, ...labels });
  const changed = expected(await patch(`${his}/${relation.id}`, 1, { label: "stepson" }), 200);

  expect(double.json()).toMatchObject({
    status: 409,
    code: "RELATION_EXISTS",
    existingId: relation.id,
  });
  expect(self.json()).toMatchObject({ status: 422, errors: [{ path: "relatedCustomerId" }] });
  expect(changed.json()).toMatchObject({ label: "stepson", relatedLabel: "mother" });
  expect(await itemsOf(hers)).toMatchObject([
    {
      id: relation.id,
      relatedCustomer: { id: byron.id, name: "Byron" },
      label: "mother",
      relatedLabel: "stepson",
      version: 2,
    },
  ]);
  expect((await send("DELETE", `${his}/${relation.id}`)).status).toBe(204);
  expect([await itemsOf(hers), await itemsOf(his)]).toEqual([[], []]);
});
