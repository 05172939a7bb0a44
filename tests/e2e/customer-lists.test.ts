/** The list of customers through the gateway: found, narrowed, put in order, taken away. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { expected } from "../system/system.ts";
import { readWorkbook } from "../workbook.ts";
import { startWorld, type World } from "./world.ts";

interface Listed {
  items: { id: string; displayName: string }[];
  nextCursor: string | null;
  total?: number;
}

let world: World;

beforeAll(async () => {
  world = await startWorld();
  const people = [
    { firstName: "María", lastName: "García", tags: ["vip", "late"] },
    { firstName: "Mario", lastName: "Garrido", tags: ["vip"] },
    {
      kind: "company",
      businessName: "=Ñandú Seguros",
      documentType: "NIT",
      documentNumber: "900.1",
    },
  ];
  for (const body of people) {
    const contactPoints = [
      { type: "email", value: `desk${String(people.indexOf(body))}@list.example.com` },
    ];
    const asked = { body: { ...body, contactPoints }, token: world.system.token };
    expected(await world.system.http("POST", "/api/v1/customers", asked), 201);
  }
}, 90_000);
afterAll(() => world.system.stop());

const list = async (query: string): Promise<Listed> =>
  expected(await world.get(`/customers?${query}`), 200).json<Listed>();
const names = async (query: string) =>
  (await list(query)).items.map(({ displayName }) => displayName);

test("G18, F010: customers are found by words, documents and addresses, however written", async () => {
  expect(await names("q=GARC%C3%8DA+mar")).toEqual(["María García"]);
  expect(await names("q=gar+mar&sort=name")).toEqual(["María García", "Mario Garrido"]);
  expect(await names("q=9001")).toEqual(["=Ñandú Seguros"]);
  expect(await names("q=desk1%40list")).toEqual(["Mario Garrido"]);
  expect(await names("q=%25")).toEqual([]);
});

test("G18, F012: filters narrow the list, and a count goes with it", async () => {
  expect(await names("tag=vip,late")).toEqual(["María García"]);
  expect(await names("kind=company")).toEqual(["=Ñandú Seguros"]);
  expect(await names("ownerId=nobody")).toEqual([]);
  expect(await names("createdTo=2020-01-01T00:00:00Z")).toEqual([]);
  expect(await list("tag=vip&limit=1&count=true")).toMatchObject({
    total: 2,
    nextCursor: expect.any(String),
  });
});

test("F003, G18: a customer is opened from the list, page by page", async () => {
  const first = await list("sort=name&limit=2");
  const second = await list(`sort=name&limit=2&cursor=${String(first.nextCursor)}`);

  const all = [...first.items, ...second.items];
  expect(all.map(({ displayName }) => displayName)).toEqual([
    "=Ñandú Seguros",
    "María García",
    "Mario Garrido",
  ]);
  const opened = await world.get(`/customers/${all[0]!.id}`);
  expect(expected(opened, 200).json()).toMatchObject({ businessName: "=Ñandú Seguros" });
});

test("G18: bad questions are refused by name", async () => {
  for (const [query, path] of [
    ["sort=colour", "sort"],
    ["disabled=maybe", "disabled"],
    ["createdFrom=yesterday", "createdFrom"],
    ["tag=", "tag"],
    ["cursor=bm9uZQ", "cursor"],
    ["colour=red", "colour"],
  ]) {
    const answer = expected(await world.get(`/customers?${query!}`), 422);
    expect(answer.json()).toMatchObject({ errors: [expect.objectContaining({ path })] });
  }
});

test("G18: a disabled customer is not offered and gets no case by hand, but still writes", async () => {
  const from = { type: "email", value: "leaving@list.example.com", name: "Leaving" };
  const { customer } = await world.send({ from });
  const { token } = world.system;
  const current = await world.get(`/customers/${customer.id}`);
  const changed = {
    body: { disabled: true },
    token,
    headers: { "if-match": current.headers.etag! },
  };
  expected(await world.system.http("PATCH", `/api/v1/customers/${customer.id}`, changed), 200);

  const body = { customerId: customer.id, campaignId: world.inbox.campaignId, description: "Help" };
  const byHand = await world.system.http("POST", "/api/v1/cases", { body, token });
  const again = await world.send({ from });

  expect(await names("q=leaving")).toEqual([]);
  expect(await names("q=leaving&disabled=all")).toEqual(["Leaving"]);
  expect(await names("q=leaving&disabled=true")).toEqual(["Leaving"]);
  expect(expected(byHand, 422).json()).toMatchObject({
    errors: [expect.objectContaining({ path: "customerId", code: "disabled" })],
  });
  expect(again.customer).toEqual({ id: customer.id, isNew: false });
});

test("G18: the list is exported by supervisors, in their language, and no cell is a formula", async () => {
  const supervisor = await world.aUser("supervisor");
  const agent = await world.aUser("agent");
  const inSpanish = { body: { language: "es" }, token: supervisor.token };
  expected(await world.system.http("PATCH", "/api/v1/me", inSpanish), 200);

  const answer = await download(supervisor.token, "?q=nandu");
  const [heading = [], row] = await readWorkbook(Readable.fromWeb(answer.body as ReadableStream));

  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("spreadsheetml");
  expect(row![heading.indexOf("Razón social")]).toBe("=Ñandú Seguros");
  expect(row![heading.indexOf("Tipo")]).toBe("Empresa");
  expect((await download(agent.token)).status).toBe(403);
});

const download = (token: string, query = "") =>
  fetch(`http://127.0.0.1:${String(world.system.port)}/api/v1/customers/export.xlsx${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
