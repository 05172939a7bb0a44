/** Who attends a customer, and who may decide it. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { anOffice } from "./an-office.samples.ts";
import customers from "./customers.service.ts";
import { customers as table, entries } from "./tables.store.ts";

const administrator = as("administrator");
const agent = as("agent");

/** A customer in an office, and what may be done about who attends the customer. */
async function aCustomerInAnOffice() {
  const { namesOf, describe, ...office } = anOffice();
  const bus = await startBus(
    customers,
    standIn("identity", { namesOf }),
    standIn("campaigns", { describe }),
  );
  const { id } = await bus.call("customers.create", { firstName: "Customer" }, agent);
  const set = (
    by: typeof agent,
    params: { userId: string; campaignId?: string | null; version?: number },
  ) => bus.call("customers.setOwner", { id, ...params }, by);
  const remove = (by: typeof agent, campaignId?: string) =>
    bus.call("customers.removeOwner", { id, ...(campaignId ? { campaignId } : {}) }, by);
  const owners = async () => (await bus.call("customers.listOwners", { id }, agent)).items;
  return { ...office, bus, id, set, remove, owners };
}

const signedIn = (id: string) => as("agent", { id });

test("F014, F015: a user is assigned for all campaigns, and others for single ones", async () => {
  const { bus, id, ada, bea, sales, set, owners } = await aCustomerInAnOffice();

  await set(administrator, { userId: ada, campaignId: null });
  const answer = await set(administrator, { userId: bea, campaignId: sales });

  const both = [
    { userId: ada, name: "Ada", disabled: false },
    { userId: bea, campaignId: sales, name: "Bea", disabled: false },
  ];
  expect(answer).toEqual({ items: both, version: 3 });
  expect(await owners()).toEqual(both);
  expect(await bus.call("customers.get", { id, include: ["names"] }, agent)).toMatchObject({
    owners: [{ userId: ada }, { userId: bea, campaignId: sales }],
    names: expect.arrayContaining([
      { id: ada, name: "Ada" },
      { id: bea, name: "Bea" },
    ]),
    updatedBy: administrator.meta.actor?.id,
  });
});

test("F015: for all campaigns means in every one: single ones give way", async () => {
  const { id, ada, bea, cleo, sales, care, set, owners } = await aCustomerInAnOffice();
  await set(administrator, { userId: bea, campaignId: sales });
  await set(administrator, { userId: cleo, campaignId: care });

  await set(administrator, { userId: ada });

  expect(await owners()).toMatchObject([{ userId: ada }]);
  const events = (await announced("customers", "customers.ownerSet")).filter(
    ({ aggregate }) => aggregate.id === id,
  );
  expect(events.map(({ data }) => data)).toEqual([
    { id, userId: bea, campaignId: sales },
    { id, userId: cleo, campaignId: care },
    { id, userId: ada, campaignId: null },
  ]);
  expect(events.at(-1)?.changes).toEqual([
    { field: "owners", old: { userId: bea, campaignId: sales }, new: null },
    { field: "owners", old: { userId: cleo, campaignId: care }, new: null },
    { field: "owners", old: null, new: { userId: ada } },
  ]);
});

test("F015: another user takes the place of whoever was; the same one again changes nothing", async () => {
  const { id, ada, cleo, care, set, owners } = await aCustomerInAnOffice();
  await set(administrator, { userId: ada, campaignId: care });

  const second = await set(administrator, { userId: cleo, campaignId: care });
  const third = await set(administrator, { userId: cleo, campaignId: care });

  expect(third).toEqual(second);
  expect(await owners()).toMatchObject([{ userId: cleo, campaignId: care }]);
  const events = (await announced("customers", "customers.ownerSet")).filter(
    ({ aggregate }) => aggregate.id === id,
  );
  expect(events.map(({ changes }) => changes)).toEqual([
    [{ field: "owners", old: null, new: { userId: ada, campaignId: care } }],
    [
      {
        field: "owners",
        old: { userId: ada, campaignId: care },
        new: { userId: cleo, campaignId: care },
      },
    ],
  ]);
});

test("F016: an assigned user is removed from one campaign, or from all", async () => {
  const { bus, id, ada, bea, cleo, sales, care, set, remove, owners } = await aCustomerInAnOffice();
  await set(administrator, { userId: ada });
  await set(administrator, { userId: bea, campaignId: sales });
  await set(administrator, { userId: cleo, campaignId: care });

  await remove(administrator, sales);
  expect(await owners()).toMatchObject([{ userId: ada }, { userId: cleo, campaignId: care }]);
  await expect(remove(administrator, sales)).rejects.toMatchObject({ code: 404 });

  await remove(administrator);
  expect(await owners()).toEqual([]);
  expect(await bus.call("customers.get", { id }, agent)).not.toHaveProperty("owners");
  await expect(remove(administrator)).rejects.toMatchObject({ code: 404 });
  const [removed] = (await announced("customers", "customers.ownerSet")).slice(-2);
  expect(removed?.data).toEqual({ id, userId: null, campaignId: sales });
});

test("F017: where nobody is assigned, only an administrator assigns", async () => {
  const { ada, set, remove } = await aCustomerInAnOffice();
  const refused = { code: 403, type: "FORBIDDEN" };

  for (const by of [as("supervisor"), as("agent"), signedIn(ada)]) {
    await expect(set(by, { userId: ada })).rejects.toMatchObject(refused);
    await expect(remove(by)).rejects.toMatchObject(refused);
  }
});

test("F017: the assigned user hands over or gives up, others do not", async () => {
  const { ada, bea, cleo, sales, care, set, remove, owners } = await aCustomerInAnOffice();
  const refused = { code: 403, type: "FORBIDDEN" };
  await set(administrator, { userId: bea, campaignId: sales });
  await set(administrator, { userId: cleo, campaignId: care });

  await expect(set(signedIn(cleo), { userId: ada, campaignId: sales })).rejects.toMatchObject(
    refused,
  );
  await expect(set(signedIn(cleo), { userId: cleo })).rejects.toMatchObject(refused);
  await expect(remove(signedIn(cleo))).rejects.toMatchObject(refused);
  await set(signedIn(bea), { userId: ada, campaignId: sales });
  await expect(remove(signedIn(bea), sales)).rejects.toMatchObject(refused);
  await remove(signedIn(cleo), care);

  expect(await owners()).toMatchObject([{ userId: ada, campaignId: sales }]);
});

test("F017: who is assigned for all campaigns decides for each of them", async () => {
  const { ada, bea, cleo, sales, care, set, remove, owners } = await aCustomerInAnOffice();
  await set(administrator, { userId: ada });
  await set(administrator, { userId: bea, campaignId: sales });

  await set(signedIn(ada), { userId: cleo, campaignId: care });
  await remove(signedIn(ada), sales);
  await set(signedIn(ada), { userId: bea });

  expect(await owners()).toMatchObject([{ userId: bea }]);
});

test("F015: only who is there, enabled and works in the campaign can be assigned", async () => {
  const { bus, id, ada, bea, gone, sales, care, set } = await aCustomerInAnOffice();
  const refusals = [
    [{ userId: newId() }, "userId"],
    [{ userId: gone }, "userId"],
    [{ userId: bea, campaignId: care }, "userId"],
    [{ userId: ada, campaignId: newId() }, "campaignId"],
  ] as const;

  for (const [params, path] of refusals) {
    await expect(set(administrator, params)).rejects.toMatchObject({
      code: 422,
      data: { errors: [{ path }] },
    });
  }
  await expect(
    set(administrator, { userId: ada, campaignId: sales, version: 7 }),
  ).rejects.toMatchObject({ code: 412, data: { version: 1 } });
  await expect(
    bus.call("customers.setOwner", { id: newId(), userId: ada }, administrator),
  ).rejects.toMatchObject({ code: 404 });
  expect(await bus.call("customers.get", { id }, agent)).toHaveProperty("version", 1);
});

test("F015, P9: of many who assign at once each is kept whole, the last one stays", async () => {
  const { bus, id, ada, bea, cleo, sales, care, set, owners } = await aCustomerInAnOffice();
  const wanted = [
    { userId: bea, campaignId: sales },
    { userId: ada, campaignId: sales },
    { userId: cleo, campaignId: care },
    { userId: ada, campaignId: care },
  ];

  await Promise.all(wanted.map((one) => set(administrator, one)));

  expect(new Set((await owners()).map(({ campaignId }) => campaignId))).toEqual(
    new Set([sales, care]),
  );
  expect(await owners()).toHaveLength(2);
  expect(await bus.call("customers.get", { id }, agent)).toHaveProperty("version", 5);
});

test("F019: who attends customers in a campaign: its own user before the one for all", async () => {
  const { bus, id, ada, bea, sales, care, set } = await aCustomerInAnOffice();
  const other = await bus.call("customers.create", { firstName: "Unattended" }, agent);
  await set(administrator, { userId: ada });
  await set(administrator, { userId: bea, campaignId: sales });
  const ask = (campaignId: string) =>
    bus.call("customers.ownersOf", { customerIds: [other.id, id, newId()], campaignId });

  expect(await ask(sales)).toEqual([{ customerId: id, userId: bea, campaignId: sales }]);
  expect(await ask(care)).toEqual([{ customerId: id, userId: ada }]);
});

test("F014: the customers of a user are found by an index that holds no others", async () => {
  const { ada, id, set } = await aCustomerInAnOffice();
  await set(administrator, { userId: ada });

  const found = table.native().find({ "owners.userId": ada }).sort({ _id: -1 });
  const plan = JSON.stringify(await found.clone().explain("queryPlanner"));

  expect((await found.toArray()).map(({ _id }) => _id)).toEqual([id]);
  expect(plan).toContain(`"indexName":"${entries.owners}"`);
  expect(plan).not.toContain("COLLSCAN");
  expect(plan).not.toContain('"SORT"');
});
