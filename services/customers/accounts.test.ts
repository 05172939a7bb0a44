/** Accounts of customers (F027-F033): added, read, changed, deleted, and found by. */
import { expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";
import { accounts as table } from "./tables.store.ts";

const agent = as("agent");

async function startWithCustomer() {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);
  const add = (number: string, extraFields: { name: string; value: string }[] = []) =>
    bus.call("customers.addAccount", { id, number, extraFields }, agent);
  const list = (more: object = {}) => bus.call("customers.listAccounts", { id, ...more }, agent);
  return { bus, id, add, list };
}

const found = async (bus: Broker, q: string) =>
  (await bus.call("customers.list", { q }, agent)).items.map(({ id }) => id);

const told = async (event: "Added" | "Changed" | "Deleted", accountId: string) =>
  (await announced("customers", `customers.account${event}`)).filter(
    ({ aggregate }) => aggregate.id === accountId,
  );

test("F027, F028, F029, F032: a customer has many accounts, each with its additional data", async () => {
  const { bus, id, add, list } = await startWithCustomer();
  const fields = [
    { name: "Plan", value: "Gold" },
    { name: "Tarifa", value: "" },
  ];

  const line = await add("600-111 222", fields);
  const card = await add("VISA 4000/A");

  expect(line).toMatchObject({
    customerId: id,
    number: "600-111 222",
    extraFields: fields,
    version: 1,
    createdBy: agent.meta.actor?.id,
  });
  expect(await list({ count: true })).toEqual({ items: [line, card], nextCursor: null, total: 2 });
  expect(await bus.call("customers.getAccount", { id, accountId: line.id }, agent)).toEqual(line);
});

test("F032: the accounts are listed a page at a time, each once", async () => {
  const { id, bus, add } = await startWithCustomer();
  for (const number of ["1", "2", "3"]) await add(number);

  const first = await bus.call("customers.listAccounts", { id, limit: 2 }, agent);
  const cursor = String(first.nextCursor);
  const second = await bus.call("customers.listAccounts", { id, limit: 2, cursor }, agent);

  expect(first.items.map(({ number }) => number)).toEqual(["1", "2"]);
  expect(second).toMatchObject({ items: [{ number: "3" }], nextCursor: null });
});

test("F030, D18: an account is changed, and the change log tells what was and what is", async () => {
  const { bus, id, add } = await startWithCustomer();
  const { id: accountId } = await add("A-1", [{ name: "Plan", value: "Gold" }]);

  const changed = await bus.call(
    "customers.changeAccount",
    { id, accountId, version: 1, number: "A-2", extraFields: [] },
    agent,
  );
  const same = await bus.call(
    "customers.changeAccount",
    { id, accountId, version: 2, number: "A-2" },
    agent,
  );

  expect(changed).toMatchObject({ number: "A-2", extraFields: [], version: 2 });
  expect(same).toEqual(changed);
  const [event, ...more] = await told("Changed", accountId);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    aggregate: { kind: "account", version: 2 },
    data: { id: accountId, customerId: id },
    changes: [
      { field: "number", old: "A-1", new: "A-2" },
      { field: "extraFields", old: [{ name: "Plan", value: "Gold" }], new: [] },
    ],
  });
  const [added] = await told("Added", accountId);
  expect(added?.changes).toContainEqual({ field: "number", old: null, new: "A-1" });
});

test("F033, D16: a deleted account is gone from every list, and leaves a trace", async () => {
  const { bus, id, add, list } = await startWithCustomer();
  const { id: accountId } = await add("A-1");

  await bus.call("customers.deleteAccount", { id, accountId }, agent);

  const notFound = { code: 404, type: "NOT_FOUND" };
  const one = { id, accountId };
  expect((await list()).items).toEqual([]);
  expect(await bus.call("customers.describeAccounts", { ids: [accountId] })).toEqual([]);
  await expect(bus.call("customers.getAccount", one, agent)).rejects.toMatchObject(notFound);
  await expect(bus.call("customers.deleteAccount", one, agent)).rejects.toMatchObject(notFound);
  const changing = bus.call("customers.changeAccount", { ...one, version: 2, number: "B" }, agent);
  await expect(changing).rejects.toMatchObject(notFound);
  const by = String(agent.meta.actor?.id);
  expect(await table.native().findOne({ _id: accountId })).toMatchObject({
    number: "A-1",
    version: 2,
    deletedAt: expect.any(Date),
    deletedBy: by,
  });
  const [event] = await told("Deleted", accountId);
  expect(event).toMatchObject({
    aggregate: { version: 2 },
    actor: { id: by },
    data: { id: accountId, customerId: id },
  });
  expect(event?.changes).toContainEqual({ field: "number", old: "A-1", new: null });
  await expect(add("A-1")).resolves.toHaveProperty("number", "A-1");
});

test("D19, F028: a number is unique among a customer's accounts, however it is written", async () => {
  const { bus, id, add } = await startWithCustomer();
  const there = await add("ab-12.3");
  const other = await add("AB-124");
  const exists = { code: 409, type: "ACCOUNT_EXISTS", data: { existingId: there.id } };

  const again = add(" AB 123 ");
  const becoming = bus.call(
    "customers.changeAccount",
    { id, accountId: other.id, version: 1, number: "Áb/123" },
    agent,
  );

  await expect(again).rejects.toMatchObject(exists);
  await expect(becoming).rejects.toMatchObject(exists);
  const someone = await bus.call("customers.create", { firstName: "Bo" }, agent);
  const theirs = { id: someone.id, number: "AB123" };
  await expect(bus.call("customers.addAccount", theirs, agent)).resolves.toHaveProperty("id");
});

test("D19: of many that add the same number at once, one does", async () => {
  const { add, list } = await startWithCustomer();

  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => add(index % 2 ? "X 1" : "x-1")),
  );

  const { items } = await list();
  expect(items).toHaveLength(1);
  const refusals = outcomes.filter(({ status }) => status === "rejected");
  expect(refusals).toHaveLength(9);
  for (const { reason } of refusals as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ type: "ACCOUNT_EXISTS", data: { existingId: items[0]!.id } });
  }
});

test("F028, F029: an account that says nothing, or something twice, is refused by field", async () => {
  const { add } = await startWithCustomer();
  const field = (name: string) => ({ name, value: "x" });
  const drafts = [
    [() => add("--"), "number"],
    [() => add(""), "number"],
    [() => add("1".repeat(61)), "number"],
    [() => add("1", [field("Plan"), field(" PLÁN ")]), "extraFields[1].name"],
    [() => add("1", [field("")]), "extraFields[0].name"],
    [() => add("1", [{ name: "a", value: "x".repeat(501) }]), "extraFields[0].value"],
    [() => add("1", [{ name: "a", value: "x", more: 1 } as never]), "extraFields[0].more"],
    [
      () =>
        add(
          "1",
          Array.from({ length: 51 }, (_, index) => field(`f${index}`)),
        ),
      "extraFields",
    ],
  ] as const;

  for (const [refused, path] of drafts) {
    await expect(refused()).rejects.toMatchObject({
      code: 422,
      type: "VALIDATION_ERROR",
      data: { errors: [expect.objectContaining({ path })] },
    });
  }
});

test("F027: a customer has at most 500 accounts", async () => {
  const { id, add } = await startWithCustomer();
  const kept = Array.from({ length: 500 }, (_, index) => ({
    _id: newId(),
    customerId: id,
    number: String(index),
    numberKey: String(index),
    searchWords: [String(index)],
    extraFields: [],
    version: 1,
    createdAt: new Date(),
    updatedAt: new Date(),
  }));
  await table.native().insertMany(kept);

  await expect(add("one more")).rejects.toMatchObject({
    code: 409,
    type: "TOO_MANY_ACCOUNTS",
    data: { limit: 500 },
  });
});

test("P9, F030: a stale change is refused, and of changes made at once one is kept", async () => {
  const { bus, id, add } = await startWithCustomer();
  const { id: accountId } = await add("A");
  const change = (number: string) =>
    bus.call("customers.changeAccount", { id, accountId, version: 1, number }, agent);

  const outcomes = await Promise.allSettled(["B", "C", "D", "E"].map(change));

  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(change("F")).rejects.toMatchObject({
    code: 412,
    type: "STALE_VERSION",
    data: { version: 2 },
  });
});

test("F027: accounts belong to a customer that is there, and are read of that one only", async () => {
  const { bus, add } = await startWithCustomer();
  const { id: accountId } = await add("A");
  const { id: another } = await bus.call("customers.create", { firstName: "Bo" }, agent);
  const nobody = newId();
  const calls = [
    () => bus.call("customers.addAccount", { id: nobody, number: "1" }, agent),
    () => bus.call("customers.listAccounts", { id: nobody }, agent),
    () => bus.call("customers.getAccount", { id: another, accountId }, agent),
    () => bus.call("customers.deleteAccount", { id: another, accountId }, agent),
    () => bus.call("customers.changeAccount", { id: another, accountId, version: 1 }, agent),
  ];

  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 404 });
});

test("B01: a command that is repeated adds one account", async () => {
  const { bus, id, list } = await startWithCustomer();
  const once = { meta: { ...agent.meta, commandId: newId() } };

  const first = await bus.call("customers.addAccount", { id, number: "1" }, once);
  const second = await bus.call("customers.addAccount", { id, number: "1" }, once);

  expect(second.id).toBe(first.id);
  expect((await list()).items).toHaveLength(1);
});

test("F067: accounts are described for copies kept elsewhere, unknown ones left out", async () => {
  const { bus, id, add } = await startWithCustomer();
  const { id: accountId } = await add("A-1");

  const described = await bus.call("customers.describeAccounts", { ids: [newId(), accountId] });

  expect(described).toEqual([{ id: accountId, customerId: id, number: "A-1", version: 1 }]);
});

test("G18, F028: a customer is found by the numbers that its accounts have now", async () => {
  const { bus, id, add } = await startWithCustomer();
  const { id: accountId } = await add("Ref QX-778 899");

  for (const q of ["refqx7788", "qx-778", "ref qx", "ref qx-778 899", "ada qx778"]) {
    expect([q, await found(bus, q)]).toEqual([q, [id]]);
  }
  const number = "ZK 5501";
  await bus.call("customers.changeAccount", { id, accountId, version: 1, number }, agent);
  expect(await found(bus, "qx778")).toEqual([]);
  expect(await found(bus, "zk 55")).toEqual([id]);
  await bus.call("customers.deleteAccount", { id, accountId }, agent);
  expect(await found(bus, "zk 5501")).toEqual([]);
  expect((await found(bus, "ada"))[0]).toBe(id);
});

test("G18: whatever changes a customer, it is still found by its accounts", async () => {
  const { bus, id, add } = await startWithCustomer();
  await add("PL-3301");

  await bus.call("customers.change", { id, version: 1, firstName: "Augusta" }, agent);
  const point = { type: "email", value: "augusta@example.com" } as const;
  await bus.call("customers.addContactPoint", { id, ...point }, agent);

  expect(await found(bus, "pl3301 augusta")).toEqual([id]);
});

test("G18: a customer that is edited while accounts are added is found by all of it", async () => {
  const { bus, id, add } = await startWithCustomer();

  await Promise.all([
    ...["KA-1", "KA-2", "KA-3"].map((number) => add(number)),
    bus.call("customers.change", { id, version: 1, firstName: "Zelda" }, agent),
  ]);

  for (const q of ["zelda ka1", "zelda ka2", "zelda ka3"]) {
    expect([q, await found(bus, q)]).toEqual([q, [id]]);
  }
});
