import { expect, test } from "@jest/globals";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import type { Sender } from "#shared/contracts/customers/customer.ts";
import customers from "./customers.service.ts";
import { arrivalOf } from "./resolve.ts";
import { keepArrivals, ownersOf } from "./senders.store.ts";

const agent = as("agent");
let used = 0;
const aSender = (more: Partial<Sender> = {}): Sender => ({
  type: "email",
  value: `sender${String((used += 1))}@resolve.example.com`,
  ...more,
});

test("F022, D18: a first message makes its customer, with name and contact point, and tells", async () => {
  const bus = await startBus(customers);
  const connector = as("connector");
  const at = new Date("2026-01-31T10:00:00Z");
  const sender = aSender({ name: "María José Pérez", at });

  const [answer] = await bus.call("customers.resolve", { senders: [sender] }, connector);

  expect(answer).toEqual({
    customerId: expect.any(String),
    isNew: true,
    blocked: false,
    name: "María José Pérez",
  });
  const id = answer!.customerId!;
  expect(await bus.call("customers.get", { id }, agent)).toMatchObject({
    kind: "person",
    firstName: "María José",
    lastName: "Pérez",
    displayName: "María José Pérez",
    tags: [],
    lastInteractionAt: at,
    contactPoints: [{ type: "email", value: sender.value }],
    version: 1,
  });
  const [event] = (await announced("customers", "customers.created")).filter(
    ({ aggregate }) => aggregate.id === id,
  );
  expect(event).toMatchObject({
    data: { id, kind: "person" },
    actor: { kind: "connector", id: connector.meta.actor?.id },
    changes: [
      { field: "kind", old: null, new: "person" },
      { field: "firstName", old: null, new: "María José" },
      { field: "lastName", old: null, new: "Pérez" },
      { field: "contactPoints", old: null, new: { type: "email", value: sender.value } },
    ],
  });
});

test("F022: a sender without a name goes by the address, one of a single word by that", async () => {
  const bus = await startBus(customers);

  const [nameless, single] = await bus.call("customers.resolve", {
    senders: [aSender({ type: "mobile", value: "+34 600 555 001" }), aSender({ name: "Ada" })],
  });

  expect([nameless!.name, single!.name]).toEqual(["+34600555001", "Ada"]);
});

test("F005: nobody has written in the future", async () => {
  const bus = await startBus(customers);
  const sender = aSender({ at: new Date("2999-01-01T00:00:00Z") });

  const [answer] = await bus.call("customers.resolve", { senders: [sender] });

  const { lastInteractionAt } = await bus.call("customers.get", { id: answer!.customerId! }, agent);
  expect(lastInteractionAt!.getTime()).toBeLessThanOrEqual(Date.now());
});

test("B01: a known sender is found, however the address is written", async () => {
  const bus = await startBus(customers);
  const document = { documentType: "CC", documentNumber: "resolve-1" };
  const { id } = await bus.call(
    "customers.create",
    {
      firstName: "Ada",
      ...document,
      contactPoints: [
        { type: "email", value: "known@resolve.example.com" },
        { type: "mobile", value: "+34600555002" },
      ],
    },
    agent,
  );

  const answers = await bus.call("customers.resolve", {
    senders: [
      aSender({ value: "KNOWN@Resolve.Example.com", name: "Somebody Else" }),
      aSender({ type: "phone", value: "600 555 002", defaultCountry: "ES" }),
    ],
  });

  const known = { customerId: id, isNew: false, blocked: false };
  expect(answers).toEqual([
    { ...known, name: "Ada", document: "CC resolve-1" },
    { ...known, name: "Ada", document: "CC resolve-1" },
  ]);
});

test("F021: a contact point added by hand is found too", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);
  const sender = aSender();
  await bus.call("customers.addContactPoint", { id, type: "email", value: sender.value }, agent);

  const [answer] = await bus.call("customers.resolve", { senders: [sender] });

  expect(answer).toMatchObject({ customerId: id, isNew: false });
});

test("F021: a phone that a family shares belongs to the first who had it", async () => {
  const bus = await startBus(customers);
  const contactPoints = [{ type: "phone" as const, value: "+34600555003" }];
  const mother = await bus.call("customers.create", { firstName: "Ada", contactPoints }, agent);
  const son = await bus.call("customers.create", { firstName: "Byron", contactPoints }, agent);

  const [answer] = await bus.call("customers.resolve", {
    senders: [aSender({ type: "phone", value: "+34600555003" })],
  });

  expect(answer!.customerId).toBe(mother.id);
  expect(son.contactPoints).toMatchObject([{ value: "+34600555003" }]);
});

test("B01: a sender that stands in a list several times makes one customer, new once", async () => {
  const bus = await startBus(customers);
  const sender = aSender();
  const other = aSender();

  const answers = await bus.call("customers.resolve", {
    senders: [sender, other, { ...sender, value: sender.value.toUpperCase() }, sender],
  });

  expect(answers.map(({ isNew }) => isNew)).toEqual([true, true, false, false]);
  expect(new Set(answers.map(({ customerId }) => customerId)).size).toBe(2);
  expect(answers[2]!.customerId).toBe(answers[0]!.customerId);
});

test("B01, F024: an address that cannot be read is told, its neighbours are answered", async () => {
  const bus = await startBus(customers);

  const answers = await bus.call("customers.resolve", {
    senders: [aSender(), aSender({ type: "phone", value: "12" }), aSender({ value: "no address" })],
  });

  expect(answers).toMatchObject([
    { isNew: true, blocked: false },
    { isNew: false, blocked: false, fault: expect.stringContaining("phone number") },
    { isNew: false, blocked: false, fault: expect.stringContaining("e-mail address") },
  ]);
  expect(answers[1]).not.toHaveProperty("customerId");
});

test("B01: nobody asked, nobody answered", async () => {
  const bus = await startBus(customers);

  expect(await bus.call("customers.resolve", { senders: [] })).toEqual([]);
});

test("B01, P2: a burst of 200 first messages of one sender makes one customer", async () => {
  const bus = await startBus(customers);
  const sender = aSender({ name: "Ada Lovelace" });

  const answers = await Promise.all(
    Array.from({ length: 200 }, () => bus.call("customers.resolve", { senders: [sender] })),
  );

  const flat = answers.flat();
  expect(new Set(flat.map(({ customerId }) => customerId)).size).toBe(1);
  expect(flat.filter(({ isNew }) => isNew)).toHaveLength(1);
  const events = (await announced("customers", "customers.created")).filter(
    ({ data }) => data.id === flat[0]!.customerId,
  );
  expect(events).toHaveLength(1);
});

test("B01, P2: of transactions that make the customer of one key at once, one does", async () => {
  await startBus(customers);
  const sender = aSender();

  const kept = await Promise.all(
    Array.from({ length: 12 }, () => keepArrivals([arrivalOf("email:raced", sender, {})])),
  );

  expect(kept.filter(Boolean)).toHaveLength(1);
  expect(await ownersOf(["email:raced"])).toHaveProperty("size", 1);
});

test("B01, P2: lists that overlap make one customer of each sender", async () => {
  const bus = await startBus(customers);
  const pool = Array.from({ length: 40 }, () => aSender());
  const lists = Array.from({ length: 30 }, (_, start) =>
    Array.from({ length: 20 }, (_unused, step) => pool[(start * 7 + step * 3) % pool.length]!),
  );

  const answers = await Promise.all(
    lists.map((senders) => bus.call("customers.resolve", { senders })),
  );

  const ids = new Map<string, Set<string | undefined>>();
  lists.forEach((senders, list) => {
    senders.forEach(({ value }, place) => {
      ids.set(value, (ids.get(value) ?? new Set()).add(answers[list]![place]!.customerId));
    });
  });
  expect([...ids.values()].map(({ size }) => size)).toEqual(pool.map(() => 1));
  expect(new Set([...ids.values()].flatMap((one) => [...one])).size).toBe(40);
  expect(answers.flat().filter(({ isNew }) => isNew)).toHaveLength(40);
});

test("B01: a sender who is created by hand at the same moment is one customer to messages", async () => {
  const bus = await startBus(customers);
  const sender = aSender();
  const contactPoints = [{ type: "email" as const, value: sender.value }];

  await Promise.all([
    bus.call("customers.create", { contactPoints }, agent),
    ...Array.from({ length: 10 }, () => bus.call("customers.resolve", { senders: [sender] })),
  ]);

  const answers = await bus.call("customers.resolve", { senders: [sender, sender] });
  expect(new Set(answers.map(({ customerId }) => customerId)).size).toBe(1);
  expect(answers.every(({ isNew }) => !isNew)).toBe(true);
});
