/** Accounts of customers: every reason to refuse one (F027-F030, D19). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { agent, startWithCustomer } from "./accounts.samples.ts";
import { accounts as table } from "./tables.store.ts";

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
