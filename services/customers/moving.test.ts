/** What a merge moves: accounts and relations, each there afterwards exactly once (F042, P7). */
import { expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { write } from "#shared/mongo/write.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";
import { moveAccounts, moveRelations, tellOfMoved } from "./moving.ts";
import { accounts as accountTable, relations as relationTable } from "./tables.store.ts";

const agent = as("agent");
const stamp = { at: new Date("2026-03-01T10:00:00Z"), by: "supervisor-1" };

const aCustomer = async (bus: Broker, firstName = "Ada") =>
  (await bus.call("customers.create", { firstName }, agent)).id;

const withAccounts = async (bus: Broker, id: string, ...numbers: string[]) => {
  const added = [];
  for (const number of numbers) {
    added.push(await bus.call("customers.addAccount", { id, number }, agent));
  }
  return added;
};

const accountsOf = async (bus: Broker, id: string) =>
  (await bus.call("customers.listAccounts", { id }, agent)).items;

const relationsOf = async (bus: Broker, id: string) =>
  (await bus.call("customers.listRelations", { id }, agent)).items;

test("F042, P7: accounts move, and the customer that stays is found by them", async () => {
  const bus = await startBus(customers);
  const [from, into] = [await aCustomer(bus), await aCustomer(bus, "Grace")];
  const [moving] = await withAccounts(bus, from, "MV-1001");
  const [own] = await withAccounts(bus, into, "MV-2002");

  const { moved, collided } = await transaction("customers", (session) =>
    moveAccounts(from, into, session, stamp),
  );

  const after = {
    ...moving,
    customerId: into,
    version: 2,
    updatedAt: stamp.at,
    updatedBy: stamp.by,
  };
  expect({ moved, collided }).toEqual({ moved: [{ before: moving, after }], collided: [] });
  expect(await accountsOf(bus, into)).toEqual([after, own]);
  expect(await accountsOf(bus, from)).toEqual([]);
  const found = await bus.call("customers.list", { q: "mv1001 grace" }, agent);
  expect(found.items.map(({ id }) => id)).toEqual([into]);
});

test("F042, D19: of two accounts of one number the survivor's stays, completed by the other", async () => {
  const bus = await startBus(customers);
  const [from, into] = [await aCustomer(bus), await aCustomer(bus)];
  const given = async (id: string, number: string, ...names: string[]) =>
    bus.call(
      "customers.addAccount",
      { id, number, extraFields: names.map((name) => ({ name, value: id })) },
      agent,
    );
  const absorbed = await given(from, "ab 12", "PLAN", "City");
  const own = await given(into, "AB-12", "Plan");

  const { moved, collided } = await transaction("customers", (session) =>
    moveAccounts(from, into, session, stamp),
  );

  expect(moved).toEqual([]);
  const extraFields = [
    { name: "Plan", value: into },
    { name: "City", value: from },
  ];
  expect(collided).toMatchObject([
    { ended: { id: absorbed.id, version: 2 }, before: own, after: { id: own.id, extraFields } },
  ]);
  expect(await accountsOf(bus, into)).toMatchObject([{ id: own.id, extraFields, version: 2 }]);
  const tombstone = await accountTable.native().findOne({ _id: absorbed.id });
  expect(tombstone).toMatchObject({ deletedAt: stamp.at, deletedBy: stamp.by, customerId: from });
});

test("F042: with too many accounts together nothing moves", async () => {
  const bus = await startBus(customers);
  const [from, into] = [await aCustomer(bus), await aCustomer(bus)];
  await withAccounts(bus, from, "one more");
  const now = { version: 1, createdAt: new Date(), updatedAt: new Date() };
  const kept = Array.from({ length: 500 }, (_, index) => `${index}`).map((number) => ({
    ...{ _id: newId(), customerId: into, number, numberKey: number },
    ...{ searchWords: [], extraFields: [], ...now },
  }));
  await accountTable.native().insertMany(kept);

  const moving = transaction("customers", (session) => moveAccounts(from, into, session, stamp));

  await expect(moving).rejects.toMatchObject({ type: "TOO_MANY_ACCOUNTS" });
  expect(await accountsOf(bus, from)).toHaveLength(1);
});

test("F042, P7: relations move; one between the two, and a double one, become tombstones", async () => {
  const bus = await startBus(customers);
  const [from, into, friend, both] = await Promise.all(
    ["From", "Into", "Friend", "Both"].map((name) => aCustomer(bus, name)),
  );
  const relate = (id: string, relatedCustomerId: string, source: string, target: string) =>
    bus.call(
      "customers.addRelation",
      { id, relatedCustomerId, sourceLabel: source, targetLabel: target },
      agent,
    );
  const itself = await relate(from!, into!, "alias", "alias");
  const moving = await relate(friend!, from!, "friend", "boss");
  const double = await relate(from!, both!, "a", "b");
  const own = await relate(both!, into!, "c", "d");

  const { moved, dropped } = await transaction("customers", (session) =>
    moveRelations(from!, into!, session, stamp),
  );

  expect(moved.map(({ after }) => [after.id, after.targetCustomerId, after.version])).toEqual([
    [moving.id, into, 2],
  ]);
  expect(dropped.map(({ after }) => after.id)).toEqual([itself.id, double.id]);
  expect(await relationsOf(bus, from!)).toEqual([]);
  expect(await relationsOf(bus, into!)).toMatchObject([
    { id: moving.id, label: "boss", relatedLabel: "friend", relatedCustomer: { id: friend } },
    { id: own.id, relatedCustomer: { id: both } },
  ]);
  const tombstones = await relationTable
    .native()
    .find({ _id: { $in: [itself.id, double.id] } })
    .toArray();
  expect(tombstones).toHaveLength(2);
  for (const one of tombstones) expect(one).toMatchObject({ deletedBy: stamp.by });
  await expect(relate(into!, friend!, "x", "y")).rejects.toMatchObject({ type: "RELATION_EXISTS" });
});

test("F042, D18: each account and relation that moved or ended tells of it", async () => {
  const bus = await startBus(customers);
  const [from, into, friend] = [await aCustomer(bus), await aCustomer(bus), await aCustomer(bus)];
  const [moving, absorbed] = await withAccounts(bus, from, "1", "2");
  const [own] = await withAccounts(bus, into, "2");
  const labels = { sourceLabel: "a", targetLabel: "b" };
  const relate = (id: string, relatedCustomerId: string) =>
    bus.call("customers.addRelation", { id, relatedCustomerId, ...labels }, agent);
  const [kept, between] = [await relate(from, friend), await relate(from, into)];

  await write("customers", agent, async (tx) => {
    const accounts = await moveAccounts(from, into, tx.session, stamp);
    tellOfMoved(tx, accounts, await moveRelations(from, into, tx.session, stamp));
  });

  const [changed, deleted, changedRelation, deletedRelation] = await Promise.all([
    announced("customers", "customers.accountChanged"),
    announced("customers", "customers.accountDeleted"),
    announced("customers", "customers.relationChanged"),
    announced("customers", "customers.relationDeleted"),
  ]);
  expect(changed).toMatchObject([
    { data: { id: moving!.id }, changes: [{ field: "customerId", old: from, new: into }] },
  ]);
  expect(deleted).toMatchObject([{ data: { id: absorbed!.id, replacedById: own!.id } }]);
  expect(changedRelation).toMatchObject([
    { data: { id: kept.id }, changes: [{ field: "sourceCustomerId", old: from, new: into }] },
  ]);
  expect(deletedRelation).toMatchObject([{ data: { id: between.id } }]);
});
