/** Whose the messages from an address are, when contact points come and go. */
import { expect, test } from "@jest/globals";
import { as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";
import { contactKeys, customers as table } from "./tables.store.ts";

const agent = as("agent");
let used = 0;

/** An address, and customers who have it, made one after the other. */
async function sharedBy(count: number) {
  const bus = await startBus(customers);
  const value = `shared${String((used += 1))}@keys.example.com`;
  const contactPoints = [{ type: "email" as const, value }];
  const made = [];
  for (let place = 0; place < count; place += 1) {
    made.push(await bus.call("customers.create", { firstName: "Ada", contactPoints }, agent));
  }
  const people = made.map((one) => ({ id: one.id, contactPointId: one.contactPoints[0]!.id }));
  const sender = { type: "email" as const, value };
  return {
    bus,
    people,
    value,
    remove: (person: { id: string; contactPointId: string }) =>
      bus.call("customers.removeContactPoint", { ...person }, agent),
    resolve: async () => (await bus.call("customers.resolve", { senders: [sender] }))[0]!,
  };
}

test("F023, P2: a removed address makes a new customer when it writes again", async () => {
  const { people, remove, resolve } = await sharedBy(1);
  const [ada] = people;
  expect((await resolve()).customerId).toBe(ada!.id);

  await remove(ada!);

  const answer = await resolve();
  expect(answer.isNew).toBe(true);
  expect(answer.customerId).not.toBe(ada!.id);
});

test("F023, P2: an address that others have, too, goes to the one who has had it longest", async () => {
  const { people, remove, resolve } = await sharedBy(3);
  const [mother, son, daughter] = people;

  await remove(son!);
  expect(await resolve()).toMatchObject({ customerId: mother!.id, isNew: false });
  await remove(mother!);

  expect(await resolve()).toMatchObject({ customerId: daughter!.id, isNew: false });
});

test("F023: a changed address writes for its customer, the one before no longer", async () => {
  const { bus, people, value, resolve } = await sharedBy(1);
  const [ada] = people;
  const moved = `moved.${value}`;

  await bus.call("customers.changeContactPoint", { ...ada!, version: 1, value: moved }, agent);

  const sender = { type: "email" as const, value: moved };
  const [known] = await bus.call("customers.resolve", { senders: [sender] });
  expect(known).toMatchObject({ customerId: ada!.id, isNew: false });
  expect(await resolve()).toHaveProperty("isNew", true);
});

test("F023: a number that is a phone and a mobile stays while one of them does", async () => {
  const bus = await startBus(customers);
  const sender = { type: "phone" as const, value: "+34600999001" };
  const contactPoints = [sender, { ...sender, type: "mobile" as const }];
  const ada = await bus.call("customers.create", { firstName: "Ada", contactPoints }, agent);
  const point = { id: ada.id, contactPointId: ada.contactPoints[0]!.id };

  await bus.call("customers.removeContactPoint", point, agent);

  const [known] = await bus.call("customers.resolve", { senders: [sender] });
  expect(known).toMatchObject({ customerId: ada.id });
});

test("F023, P2: while an address comes and goes with many and writes, it is one customer's", async () => {
  const { bus, people, value, remove, resolve } = await sharedBy(6);
  const contactPoints = [{ type: "email" as const, value }];

  await Promise.all([
    ...people.map((person) => remove(person)),
    ...Array.from({ length: 4 }, () =>
      bus.call("customers.create", { firstName: "Bea", contactPoints }, agent),
    ),
    ...Array.from({ length: 10 }, () => resolve()),
  ]);

  const key = `email:${value}`;
  const owner = await contactKeys.native().findOne({ _id: key });
  const holders = await table.native().find({ contactKeys: key }).toArray();
  expect(holders.length).toBeGreaterThanOrEqual(4);
  expect(holders.map(({ _id }) => _id)).toContain(owner?.customerId);
  expect(await resolve()).toMatchObject({ customerId: owner?.customerId, isNew: false });
});

test("F023, P2: an address is never left to a customer who is just giving it up", async () => {
  for (let round = 0; round < 10; round += 1) {
    const { bus, people, value, remove } = await sharedBy(3);
    const contactPoints = [{ type: "email" as const, value }];

    await Promise.all([
      ...people.map((person) => remove(person)),
      bus.call("customers.create", { firstName: "Heir", contactPoints }, agent),
    ]);

    const key = `email:${value}`;
    const holders = await table.native().find({ contactKeys: key }).toArray();
    const owner = await contactKeys.native().findOne({ _id: key });
    expect(holders.map(({ _id }) => _id)).toEqual([owner?.customerId]);
  }
});
