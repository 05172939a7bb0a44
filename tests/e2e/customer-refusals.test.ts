/** What the profile of a customer refuses, through the gateway: each with its status and its reason. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { aMessage, askerOf, expected, post } from "../system/system.ts";
import { badContactPoints, badCustomers, reasonOf } from "./refusals.samples.ts";
import { startWorld, type World } from "./world.ts";

interface Made {
  id: string;
  version: number;
  contactPoints: { id: string; value: string }[];
}

let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 90_000);
afterAll(() => world.system.stop());

const ask = askerOf(() => world.system);
const email = () => `${randomUUID()}@example.com`;
const aNumber = () => randomUUID().replace(/\D/g, "7").slice(0, 10);

const make = async (path: string, body: object): Promise<Made> =>
  expected(await ask("POST", path, { body }), 201).json<Made>();
const aCustomer = (more: object = {}) => make("/customers", { firstName: "Ada", ...more });

const readAll = async (id: string) =>
  expected(await ask("GET", `/customers/${id}`), 200).json<Made>();

test.each(badCustomers)(
  "F001, F024, G17: a customer is not made %s",
  async (_what, body, reason) => {
    expect(reasonOf(await ask("POST", "/customers", { body }))).toEqual(reason);
  },
);

test("G17, F002: a document that somebody has is refused with who that is, made or changed", async () => {
  const document = { documentType: "CC", documentNumber: aNumber() };
  const [first, other] = [await aCustomer(document), await aCustomer()];

  const made = await ask("POST", "/customers", { body: document });
  const { id, version } = other;
  const changed = await ask("PATCH", `/customers/${id}`, { version, body: document });

  for (const refused of [made, changed]) {
    expect(refused.json()).toMatchObject({
      ...{ status: 409, code: "CUSTOMER_EXISTS", existingId: first.id },
    });
  }
  expect(await readAll(id)).toEqual(other);
});

test("F002: an edit without a version, of an old one, or of nobody is refused, and changes nothing", async () => {
  const { id } = await aCustomer();
  const edit = (version: number | undefined, body: object, of = id) =>
    ask("PATCH", `/customers/${of}`, { version, body });
  expected(await edit(1, { lastName: "Byron" }), 200);

  expect(reasonOf(await edit(undefined, { lastName: "King" }))[0]).toBe(428);
  expect(reasonOf(await edit(1, { lastName: "King" }))).toEqual([412, "STALE_VERSION"]);
  expect(reasonOf(await edit(2, { lastName: "King" }, randomUUID()))[0]).toBe(404);
  expect(reasonOf(await edit(2, { businessName: "King" }))).toEqual([422, "businessName"]);
  expect(reasonOf(await edit(2, { firstName: null, lastName: null }))[0]).toBe(422);
  expect(reasonOf(await edit(2, { owners: [] }))).toEqual([422, "owners"]);
  expect(await readAll(id)).toMatchObject({ firstName: "Ada", lastName: "Byron", version: 2 });
});

test.each(badContactPoints)(
  "F024: the contact point %j is refused by field",
  async (body, reason) => {
    const { id } = await aCustomer();

    expect(reasonOf(await ask("POST", `/customers/${id}/contact-points`, { body }))).toEqual(
      reason,
    );
  },
);

test("F021, F023: a contact point twice, of nobody, or the last one is refused", async () => {
  const [value, other] = [email(), email()];
  const nameless = await make("/customers", { contactPoints: [{ type: "email", value }] });
  const path = `/customers/${nameless.id}/contact-points`;
  const [first] = nameless.contactPoints;
  const add = (body: object, at = path) => ask("POST", at, { body });

  const twice = await add({ type: "email", value: value.toUpperCase() });
  expect(twice.json()).toMatchObject({ code: "CONTACT_POINT_EXISTS", existingId: first?.id });
  expect(reasonOf(await ask("DELETE", `${path}/${String(first?.id)}`))).toEqual([
    ...[409, "LAST_CONTACT_POINT"],
  ]);
  const second = expected(await add({ type: "email", value: other }), 201).json<Made>();
  const turned = { version: second.version, body: { value } };
  expect(reasonOf(await ask("PATCH", `${path}/${second.id}`, turned))).toEqual([
    ...[409, "CONTACT_POINT_EXISTS"],
  ]);
  const nobody = `/customers/${randomUUID()}/contact-points`;
  expect(reasonOf(await add({ type: "email", value: email() }, nobody))[0]).toBe(404);
  const unknown = { version: second.version, body: { label: "home" } };
  expect(reasonOf(await ask("PATCH", `${path}/${randomUUID()}`, unknown))[0]).toBe(404);
});

test("F025: what is blocked already, cannot be, or is not there is refused; what it sends opens nothing", async () => {
  const value = email();
  const point = { type: "email", value };
  const { id, contactPoints } = await aCustomer({
    contactPoints: [point, { type: "postal", value: "1 Main Street" }],
  });
  const path = `/customers/${id}/contact-points`;
  const block = (body: object) => ask("POST", "/block-list", { body });
  const postal = await ask("POST", `${path}/${contactPoints[1]!.id}/block`, { body: {} });
  const { id: blockId } = expected(await block(point), 201).json<{ id: string }>();

  expect(reasonOf(postal)).toEqual([409, "NOT_BLOCKABLE"]);
  const again = await block({ ...point, value: value.toUpperCase() });
  expect(again.json()).toMatchObject({ code: "ALREADY_BLOCKED", existingId: blockId });
  const own = await ask("POST", `${path}/${contactPoints[0]!.id}/block`, { body: {} });
  expect(reasonOf(own)).toEqual([409, "ALREADY_BLOCKED"]);
  expect(reasonOf(await block({ type: "email", value: "nobody" }))).toEqual([422, "value"]);
  expect(reasonOf(await block({ type: "postal", value: "x" }))).toEqual([422, "type"]);
  expect(reasonOf(await ask("DELETE", `/block-list/${randomUUID()}`))[0]).toBe(404);
  const { token } = await world.aUser("agent");
  for (const refused of [
    await ask("POST", "/block-list", { token, body: point }),
    await ask("GET", "/block-list", { token }),
    await ask("DELETE", `/block-list/${blockId}`, { token }),
  ]) {
    expect(refused.status).toBe(403);
  }
  const sent = await post(world.system.http, world.inbox, aMessage({ from: point }));
  expect(expected(sent, 201).json()).toMatchObject({ state: "blocked" });
  expect(sent.json()).not.toHaveProperty("case");
  const cases = expected(await ask("GET", `/customers/${id}/cases`), 200);
  expect(cases.json()).toMatchObject({ items: [] });
});

test("F015-F017: who may not decide is refused, and so is an owner who cannot be one", async () => {
  const [agent, supervisor] = [await world.aUser("agent"), await world.aUser("supervisor")];
  const { id } = await aCustomer();
  const path = `/customers/${id}/owner`;
  const put = (body: object, more: object = {}) => ask("PUT", path, { body, ...more });

  for (const { token } of [agent, supervisor]) {
    expect(reasonOf(await put({ userId: agent.id }, { token }))).toEqual([403, "FORBIDDEN"]);
    expect((await ask("DELETE", path, { token })).status).toBe(403);
  }
  expect(reasonOf(await ask("DELETE", path))[0]).toBe(404);
  expect(reasonOf(await put({ userId: randomUUID() }))).toEqual([422, "userId"]);
  const elsewhere = { userId: agent.id, campaignId: randomUUID() };
  expect(reasonOf(await put(elsewhere))).toEqual([422, "campaignId"]);
  expect(reasonOf(await put({}))).toEqual([422, "userId"]);
  expect(reasonOf(await put({ userId: agent.id }, { version: 9 }))).toEqual([
    ...[412, "STALE_VERSION"],
  ]);
  const left = await world.aUser("agent");
  const { version } = expected(await ask("GET", `/users/${left.id}`), 200).json<Made>();
  const disable = { version, body: { disabled: true } };
  expected(await ask("PATCH", `/users/${left.id}`, disable), 200);
  expect(reasonOf(await put({ userId: left.id }))).toEqual([422, "userId"]);
  const nobody = await ask("PUT", `/customers/${randomUUID()}/owner`, {
    body: { userId: agent.id },
  });
  expect(nobody.status).toBe(404);
  expect(await readAll(id)).not.toHaveProperty("owners");
});

test("F027-F033: an account without a number, twice, stale, or of somebody else is refused", async () => {
  const [ada, byron] = [await aCustomer(), await aCustomer()];
  const [path, others] = [`/customers/${ada.id}/accounts`, `/customers/${byron.id}/accounts`];
  const { id } = await make(path, { number: "A-1" });
  const { id: second } = await make(path, { number: "A-2" });
  const add = (body: object) => ask("POST", path, { body });
  const field = (name: string) => ({ name, value: "x" });

  expect(reasonOf(await add({ number: "a 1" }))).toEqual([409, "ACCOUNT_EXISTS"]);
  expect(reasonOf(await add({ number: "---" }))).toEqual([422, "number"]);
  expect(reasonOf(await add({}))).toEqual([422, "number"]);
  const twice = { number: "A-3", extraFields: [field("Plan"), field("plan")] };
  expect(reasonOf(await add(twice))).toEqual([422, "extraFields[1].name"]);
  const rename = { version: 1, body: { number: "A-1" } };
  expect(reasonOf(await ask("PATCH", `${path}/${second}`, rename))).toEqual([
    ...[409, "ACCOUNT_EXISTS"],
  ]);
  expect((await ask("PATCH", `${path}/${id}`, { body: { number: "A-9" } })).status).toBe(428);
  const stale = { version: 7, body: { number: "A-9" } };
  expect((await ask("PATCH", `${path}/${id}`, stale)).status).toBe(412);
  for (const method of ["GET", "DELETE"]) {
    expect((await ask(method, `${others}/${id}`)).status).toBe(404);
  }
  expect((await ask("GET", `/customers/${randomUUID()}/accounts`)).status).toBe(404);
});

test("F046-F049: a relation with oneself, with nobody, twice, unlabelled or stale is refused", async () => {
  const [ada, byron, king] = [await aCustomer(), await aCustomer(), await aCustomer()];
  const path = `/customers/${ada.id}/relations`;
  const labels = { sourceLabel: "mother", targetLabel: "son" };
  const add = (body: object, at = path) => ask("POST", at, { body: { ...labels, ...body } });
  const { id } = await make(path, { ...labels, relatedCustomerId: byron.id });

  expect(reasonOf(await add({ relatedCustomerId: ada.id }))).toEqual([422, "relatedCustomerId"]);
  const back = `/customers/${byron.id}/relations`;
  for (const double of [
    await add({ relatedCustomerId: byron.id }),
    await add({ relatedCustomerId: ada.id, sourceLabel: "poet" }, back),
  ]) {
    expect(double.json()).toMatchObject({ code: "RELATION_EXISTS", existingId: id });
  }
  const nobody = await add({ relatedCustomerId: randomUUID() });
  expect(reasonOf(nobody)).toEqual([422, "relatedCustomerId"]);
  const unlabelled = { relatedCustomerId: king.id, targetLabel: "" };
  expect(reasonOf(await add(unlabelled))).toEqual([422, "targetLabel"]);
  const edit = (version: number | undefined) =>
    ask("PATCH", `${path}/${id}`, { version, body: { label: "parent" } });
  expect([(await edit(undefined)).status, (await edit(7)).status]).toEqual([428, 412]);
  const strange = `/customers/${king.id}/relations/${id}`;
  for (const method of ["GET", "DELETE"]) expect((await ask(method, strange)).status).toBe(404);
  const list = expected(await ask("GET", path), 200).json<{ items: object[] }>();
  expect(list.items).toMatchObject([{ id, label: "mother", version: 1 }]);
});
