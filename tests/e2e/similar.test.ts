import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { expected } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 90_000);
afterAll(() => world.system.stop());

const create = async (body: object) => {
  const { http, token } = world.system;
  const answer = await http("POST", "/api/v1/customers", { body, token });
  return expected(answer, 201).json<{ id: string; version: number }>();
};

interface Item {
  customer: { id: string; displayName: string };
  similarity: number;
  likelySame: boolean;
  matched: { field: string; score: number }[];
}

test("F035, F036: an agent finds who is there twice, how similar in per cent, and by which fields", async () => {
  const { token } = await world.aUser("agent");
  const first = await create({
    firstName: "José",
    middleName: "Luis",
    lastName: "Goikoetxea",
    secondLastName: "Márquez",
    birthDate: "1975-04-09",
    contactPoints: [{ type: "mobile", value: "+34 600 123 987" }],
  });
  const second = await create({
    firstName: "Goikotxea",
    lastName: "Jose",
    birthDate: "1975-09-04",
    contactPoints: [{ type: "phone", value: "0034600123987" }],
  });

  const answer = expected(await world.get(`/customers/${first.id}/similar?limit=5`, token), 200);

  const { items } = answer.json<{ items: Item[] }>();
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    customer: { id: second.id, displayName: "Goikotxea Jose" },
    likelySame: true,
    matched: expect.arrayContaining([
      { field: "birthDate", score: 90 },
      { field: "phone", score: 100 },
      { field: "name", score: expect.any(Number) },
    ]),
  });
  expect(items[0]?.similarity).toBeGreaterThanOrEqual(90);
  expect(items[0]?.customer).not.toHaveProperty("likenessKeys");
});

test("F035: refusals: 404 for an unknown customer, 422 for a bad limit, 401 for nobody", async () => {
  const { id } = await create({ firstName: randomUUID() });

  expect((await world.get(`/customers/${randomUUID()}/similar`)).status).toBe(404);
  for (const limit of ["0", "201", "x", "1.5"]) {
    const refused = await world.get(`/customers/${id}/similar?limit=${limit}`);
    expect([limit, refused.status]).toEqual([limit, 422]);
    expect(refused.json()).toMatchObject({ errors: [{ path: "limit" }] });
  }
  expect((await world.get(`/customers/${id}/similar?page=2`)).status).toBe(422);
  expect((await world.system.http("GET", `/api/v1/customers/${id}/similar`)).status).toBe(401);
});
