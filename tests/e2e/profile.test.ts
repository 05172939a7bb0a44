/** A customer's profile through the gateway: documents, owners, contact points. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { askerOf, expected, type Inbox, type System } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

interface Customer {
  id: string;
  version: number;
  contactPoints: { id: string; type: string; value: string }[];
}
interface Problem {
  code: string;
  errors?: { path: string }[];
}

let world: World;
let system: System;
let inbox: Inbox;

beforeAll(async () => {
  world = await startWorld();
  ({ system, inbox } = world);
}, 90_000);
afterAll(() => system.stop());

const ask = askerOf(() => system);

const email = () => `${randomUUID()}@example.com`;

async function aCustomer(more: object = {}): Promise<Customer> {
  const contactPoints = [{ type: "email", value: email() }];
  const body = { firstName: "Ada", contactPoints, ...more };
  return expected(await ask("POST", "/customers", { body }), 201).json<Customer>();
}

test("F001, G17: administrators configure types of documents, and customers keep to them", async () => {
  const agent = await world.aUser("agent");
  const code = `D${randomUUID().slice(0, 8)}`;
  const body = { code, names: { en: "Card", es: "Carné" }, kinds: ["person"], pattern: "[0-9]{8}" };

  const refused = await ask("POST", "/document-types", { body, token: agent.token });
  const made = expected(await ask("POST", "/document-types", { body }), 201).json<Customer>();
  const list = expected(await ask("GET", "/document-types?kind=person", agent), 200);
  const without = await ask("PATCH", `/document-types/${made.id}`, { body: { order: 7 } });
  const { version } = made;
  expected(await ask("PATCH", `/document-types/${made.id}`, { body: { order: 7 }, version }), 200);

  expect([refused.status, without.status]).toEqual([403, 428]);
  const codes = list.json<{ items: { code: string }[] }>().items.map((type) => type.code);
  expect(codes).toEqual(expect.arrayContaining(["CC", "NIT", code]));
  const document = { documentType: code, documentNumber: "12-34" };
  const customer = await ask("POST", "/customers", { body: document, ...agent });
  expect(customer.status).toBe(422);
  expect(customer.json<Problem>().errors).toMatchObject([{ path: "documentNumber" }]);
  await aCustomer({
    documentType: code,
    documentNumber: randomUUID().replace(/\D/g, "7").slice(0, 8),
  });
});

test("F005, F014-F017: an administrator assigns a user, who hands over; both are told by name", async () => {
  const [owner, heir] = [await world.aUser("agent"), await world.aUser("agent")];
  const { campaignId } = inbox;
  const agents = [owner, heir].map(({ id: userId }) => ({ userId, channelIds: [inbox.channelId] }));
  expected(await ask("PUT", `/campaigns/${campaignId}/agents`, { body: agents }), 200);
  const { id } = await aCustomer();
  const path = `/customers/${id}/owner`;
  const put = (body: object, token?: string) =>
    ask("PUT", path, { body, ...(token ? { token } : {}) });

  const claimed = await put({ userId: owner.id }, owner.token);
  expected(await put({ userId: owner.id, campaignId }), 200);
  const taken = await put({ userId: heir.id, campaignId }, heir.token);
  const handed = expected(await put({ userId: heir.id, campaignId }, owner.token), 200);
  const stranger = await world.aUser("agent");
  const outside = await put({ userId: stranger.id, campaignId });
  const given = await ask("DELETE", `${path}?campaignId=${campaignId}`, owner);

  expect([claimed.status, taken.status, given.status]).toEqual([403, 403, 403]);
  expect(outside.json<Problem>()).toMatchObject({ status: 422, errors: [{ path: "userId" }] });
  const items = [{ userId: heir.id, campaignId, name: "A agent", disabled: false }];
  expect(handed.json()).toEqual({ items, version: 3 });
  expect(handed.headers.etag).toBe('"3"');
  const head = expected(await ask("GET", `/customers/${id}?include=names`), 200);
  expect(head.json()).toMatchObject({
    owners: [{ userId: heir.id, campaignId }],
    names: expect.arrayContaining([
      { id: owner.id, name: "A agent" },
      { id: heir.id, name: "A agent" },
    ]),
  });
  expect((await ask("DELETE", `${path}?campaignId=${campaignId}`, heir)).status).toBe(204);
  expect(expected(await ask("GET", path), 200).json()).toMatchObject({ items: [] });
  const log = await until(async () => {
    const entries = expected(
      await ask("GET", `/changes?aggregate=customer&aggregateId=${id}`),
      200,
    );
    const { items: all } = entries.json<{ items: { event: string; changes: object[] }[] }>();
    const owners = all.filter(({ event }) => event === "customers.ownerSet");
    return owners.length === 3 && owners;
  });
  expect(log[0]?.changes).toEqual([
    { field: "owners", old: { userId: heir.id, campaignId }, new: null },
  ]);
});

test("F020-F024: contact points are added, changed and removed by hand", async () => {
  const customer = await aCustomer();
  const path = `/customers/${customer.id}/contact-points`;
  const phone = { type: "phone", value: "300 123 4567", country: "CO" };

  const added = expected(await ask("POST", path, { body: phone }), 201);
  const { id, version } = added.json<Customer>();
  const unread = await ask("PATCH", `${path}/${id}`, { body: { value: "x" }, version });
  const blind = await ask("PATCH", `${path}/${id}`, { body: { label: "home" } });
  const edit = { body: { label: "home" }, version };
  const changed = expected(await ask("PATCH", `${path}/${id}`, edit), 200);
  const stale = await ask("PATCH", `${path}/${id}`, edit);

  expect([unread.status, blind.status, stale.status]).toEqual([422, 428, 412]);
  expect(changed.json()).toMatchObject({ id, value: "+573001234567", label: "home", version: 3 });
  expect((await ask("DELETE", `${path}/${id}`)).status).toBe(204);
  expect((await ask("DELETE", `${path}/${id}`)).status).toBe(404);
  const left = expected(await ask("GET", path), 200).json<{ items: object[] }>();
  expect(left.items).toHaveLength(1);
});

test("F022, F023, P2: an address that was removed makes a new customer when it writes", async () => {
  const { id, contactPoints } = await aCustomer();
  const from = { type: "email", value: contactPoints[0]!.value, name: "Ada" };
  expect((await world.send({ from })).customer).toEqual({ id, isNew: false });

  const path = `/customers/${id}/contact-points/${contactPoints[0]!.id}`;
  expect((await ask("DELETE", path)).status).toBe(204);

  const { customer } = await world.send({ from });
  expect(customer.isNew).toBe(true);
  expect(customer.id).not.toBe(id);
});

test("F025, F026: a contact point is blocked for the platform, and channels reach their types", async () => {
  const agent = await world.aUser("agent");
  const { id, contactPoints } = await aCustomer({
    contactPoints: [
      { type: "email", value: email() },
      { type: "postal", value: "12 St James's Square, London" },
    ],
  });
  const path = `/customers/${id}/contact-points`;
  const point = `${path}/${contactPoints[0]!.id}`;

  const refused = await ask("POST", `${point}/block`, { body: {}, ...agent });
  expected(await ask("POST", `${point}/block`, { body: { reason: "Spam" } }), 201);
  const twice = await ask("POST", `${point}/block`, { body: {} });

  expect([refused.status, twice.status]).toEqual([403, 409]);
  const reached = expected(await ask("GET", `${path}?channelId=${inbox.channelId}`), 200);
  const all = expected(await ask("GET", path), 200);
  const blocked = ({ items }: { items: { type: string; blocked: boolean }[] }) =>
    items.map((one) => [one.type, one.blocked]);
  expect(blocked(all.json())).toEqual([
    ["email", true],
    ["postal", false],
  ]);
  expect(blocked(reached.json())).toEqual([["email", true]]);
  expect((await ask("GET", `${path}?channelId=nothing`)).status).toBe(422);
  expect((await ask("DELETE", `${point}/block`)).status).toBe(204);
});
