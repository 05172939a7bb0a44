/** Customers are found by the numbers of their accounts (G18, F028). */
import { expect, test } from "@jest/globals";
import { agent, startWithCustomer } from "./accounts.samples.ts";

test("G18, F028: a customer is found by the numbers that its accounts have now", async () => {
  const { bus, id, add, found } = await startWithCustomer();
  const { id: accountId } = await add("Ref QX-778 899");

  for (const q of ["refqx7788", "qx-778", "ref qx", "ref qx-778 899", "ada qx778"]) {
    expect([q, await found(q)]).toEqual([q, [id]]);
  }
  const number = "ZK 5501";
  await bus.call("customers.changeAccount", { id, accountId, version: 1, number }, agent);
  expect(await found("qx778")).toEqual([]);
  expect(await found("zk 55")).toEqual([id]);
  await bus.call("customers.deleteAccount", { id, accountId }, agent);
  expect(await found("zk 5501")).toEqual([]);
  expect((await found("ada"))[0]).toBe(id);
});

test("G18: whatever changes a customer, it is still found by its accounts", async () => {
  const { bus, id, add, found } = await startWithCustomer();
  await add("PL-3301");

  await bus.call("customers.change", { id, version: 1, firstName: "Augusta" }, agent);
  const point = { type: "email", value: "augusta@example.com" } as const;
  await bus.call("customers.addContactPoint", { id, ...point }, agent);

  expect(await found("pl3301 augusta")).toEqual([id]);
});

test("G18: a customer that is edited while accounts are added is found by all of it", async () => {
  const { bus, id, add, found } = await startWithCustomer();

  await Promise.all([
    ...["KA-1", "KA-2", "KA-3"].map((number) => add(number)),
    bus.call("customers.change", { id, version: 1, firstName: "Zelda" }, agent),
  ]);

  for (const q of ["zelda ka1", "zelda ka2", "zelda ka3"]) {
    expect([q, await found(q)]).toEqual([q, [id]]);
  }
});
