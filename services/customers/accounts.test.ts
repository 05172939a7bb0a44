/** Accounts of customers (F027-F033): added, read, changed and deleted. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { agent, startWithCustomer } from "./accounts.samples.ts";
import { accounts as table } from "./tables.store.ts";

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

test("F032: the list of accounts enters by an index and needs no sorting", async () => {
  await startWithCustomer();

  const { queryPlanner } = await table
    .native()
    .find({ customerId: "ada", numberKey: { $exists: true } })
    .sort({ _id: 1 })
    .explain("queryPlanner");

  const { winningPlan } = queryPlanner as { winningPlan: object };
  expect(JSON.stringify(winningPlan)).not.toMatch(/COLLSCAN|"SORT"/);
  expect(JSON.stringify(winningPlan)).toContain('"_id":1');
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
