import { expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

const agent = as("agent");

async function namesOf(bus: Broker, search: { q?: string; tag?: string[] }): Promise<string[]> {
  const { items } = await bus.call("customers.list", search, agent);
  return items.map(({ displayName }) => displayName);
}

async function createSome(bus: Broker) {
  const drafts = [
    { firstName: "José", lastName: "García", tags: ["vip"] },
    { firstName: "jose", lastName: "Álvarez", tags: ["vip", "late"] },
    { firstName: "Zoë", documentType: "CC", documentNumber: "52.100.200" },
    {
      kind: "company" as const,
      businessName: "Ñandú Seguros",
      contactPoints: [
        { type: "email" as const, value: "Help.Desk@nandu.example.com" },
        { type: "phone" as const, value: "+34 911 222 333" },
      ],
    },
  ];
  for (const draft of drafts) await bus.call("customers.create", draft, agent);
}

test("F010, G18: customers are found by the start of words, the newest first", async () => {
  const bus = await startBus(customers);
  await createSome(bus);

  expect(await namesOf(bus, {})).toEqual(["Ñandú Seguros", "Zoë", "jose Álvarez", "José García"]);
  expect(await namesOf(bus, { q: "jose" })).toEqual(["jose Álvarez", "José García"]);
  expect(await namesOf(bus, { q: "JOSÉ gar" })).toEqual(["José García"]);
  expect(await namesOf(bus, { q: "nandu" })).toEqual(["Ñandú Seguros"]);
  expect(await namesOf(bus, { q: "help.desk@NANDU" })).toEqual(["Ñandú Seguros"]);
  expect(await namesOf(bus, { q: "911 222" })).toEqual(["Ñandú Seguros"]);
  expect(await namesOf(bus, { q: "52100" })).toEqual(["Zoë"]);
  expect(await namesOf(bus, { tag: ["vip"] })).toEqual(["jose Álvarez", "José García"]);
  expect(await namesOf(bus, { tag: ["late"], q: "jose" })).toEqual(["jose Álvarez"]);
  expect(await namesOf(bus, { tag: ["VIP"] })).toEqual([]);
  expect(await namesOf(bus, { q: "ose" })).toEqual([]);

  const texts = [".*", "$where", "%", "(q+)+$", "\\", "[", "{$ne:1}", "😀", "a".repeat(200)];
  for (const q of texts) expect(await namesOf(bus, { q })).toEqual([]);
});

test("G18: an edit is found by what it says now", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Before" }, agent);
  await bus.call("customers.change", { id, version: 1, firstName: "After" }, agent);
  await bus.call(
    "customers.addContactPoint",
    { id, type: "email", value: "later@list.example.com" },
    agent,
  );

  expect(await namesOf(bus, { q: "before" })).toEqual([]);
  expect(await namesOf(bus, { q: "after later@list" })).toEqual(["After"]);
});

test("G18: a list goes on where its page ended, each customer once", async () => {
  const bus = await startBus(customers);
  for (let index = 0; index < 5; index += 1) {
    await bus.call("customers.create", { firstName: "Twin", tags: ["paged"] }, agent);
  }

  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page: { items: { id: string }[]; nextCursor: string | null; total?: number } =
      await bus.call(
        "customers.list",
        { q: "twin", tag: ["paged"], limit: 2, count: true, ...(cursor ? { cursor } : {}) },
        agent,
      );
    expect(page.total).toBe(5);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor);

  expect(new Set(seen).size).toBe(5);
  expect(seen).toHaveLength(5);
});

test("G18: a cursor of another list is refused", async () => {
  const bus = await startBus(customers);

  const refused = bus.call("customers.list", { cursor: "bm9uZQ" }, agent);

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "cursor" }] },
  });
});
