/** What an import brings to customers: each record once, by the same rules in a dry run and for good. */
import { expect, test } from "@jest/globals";
import type { Answer } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

const supervisor = as("supervisor", { id: "rosa" });

async function start() {
  const bus = await startBus(
    customers,
    standIn("identity", { namesOf: () => [] }),
    standIn("cases", { countOf: () => ({ count: 0 }) }),
  );
  const importId = newId();
  const take = (
    records: object[],
    more: object = {},
    dryRun = false,
  ): Promise<Answer<"customers.importRecords">> =>
    bus.call(
      "customers.importRecords",
      {
        ...{ importId, campaignId: "sales", dryRun, records: records as never },
        options: { replaceDuplicates: false, tags: "append", deleteOtherAccounts: false, ...more },
      },
      supervisor,
    );
  const get = (id = "") => bus.call("customers.get", { id }, supervisor);
  const accountsOf = async (id = "") =>
    (await bus.call("customers.listAccounts", { id }, supervisor)).items;
  return { bus, importId, take, get, accountsOf };
}

let last = 0;
const aRecord = (customer: object = {}, more: object = {}) => {
  last += 1;
  const documentNumber = newId().replaceAll("-", "");
  return {
    key: last,
    customer: {
      documentType: "CC",
      documentNumber,
      firstName: "Ada",
      contactPoints: [],
      ...customer,
    },
    ...{ accounts: [{ row: last, number: "A-1", extraFields: [] }], isPartial: false },
    ...more,
  };
};

test("P6, B01: a record of an import is taken in once, and answers as the first time", async () => {
  const { take, accountsOf } = await start();
  const record = aRecord();

  const [together, again] = await Promise.all([take([record]), take([record])]);
  const later = await take([record, aRecord()]);

  expect(together).toMatchObject([{ outcome: "created", accounts: [{ outcome: "created" }] }]);
  expect(again).toEqual(together);
  expect(later[0]).toEqual(together[0]);
  expect(later[1]).toMatchObject({ outcome: "created" });
  const { customerId } = together[0]!;
  expect(await accountsOf(customerId)).toHaveLength(1);
  const told = await announced("customers", "customers.created");
  expect(told.filter(({ data }) => data.id === customerId)).toHaveLength(1);
});

test("B03: a dry run tells what would become of records, and keeps nothing", async () => {
  const { take, bus } = await start();
  const record = aRecord();

  const tried = await take([record], {}, true);

  expect(tried).toEqual([
    {
      ...{ key: record.key, outcome: "created", accountsDeleted: 0 },
      accounts: [{ row: record.key, outcome: "created" }],
    },
  ]);
  const { items } = await bus.call(
    "customers.list",
    { q: record.customer.documentNumber },
    supervisor,
  );
  expect(items).toEqual([]);
});

test("D25: one record that is refused keeps none of the others out", async () => {
  const { take, bus } = await start();
  const [gone] = await take([aRecord()]);
  const { documentType, documentNumber } = await bus.call(
    "customers.get",
    { id: gone!.customerId! },
    supervisor,
  );
  await bus.call(
    "customers.change",
    { id: gone!.customerId!, version: 1, disabled: true },
    supervisor,
  );
  const many = Array.from({ length: 60 }, (_, row) => ({
    type: "email" as const,
    value: `a${String(row)}@example.com`,
  })).slice(0, 10);

  const taken = await take([
    aRecord({ documentType, documentNumber }),
    aRecord({ documentNumber: "--" }),
    aRecord({}, { accounts: [{ row: 1, number: "--", extraFields: [] }] }),
    aRecord({ contactPoints: many }),
  ]);

  expect(taken).toMatchObject([
    { refusal: { status: 409, code: "CUSTOMER_DISABLED" } },
    { refusal: { status: 422, errors: [{ path: "documentNumber" }] } },
    { refusal: { status: 422, errors: [{ path: "number" }] } },
    { outcome: "created" },
  ]);
});

test("D19, F222: records meet by document in whatever way it is written, also within one call", async () => {
  const { take, accountsOf, get } = await start();
  const number = newId().replaceAll("-", "");
  const first = aRecord({ documentNumber: number });
  const second = aRecord(
    {
      documentType: "cc",
      documentNumber: `${number.slice(0, 4)}.${number.slice(4)}`,
      firstName: "Eva",
    },
    { accounts: [{ row: 7, number: "a1", extraFields: [{ name: "Plan", value: "Gold" }] }] },
  );

  const taken = await take([first, second], { replaceDuplicates: true });

  expect(taken).toMatchObject([
    { outcome: "created" },
    { outcome: "updated", accounts: [{ outcome: "updated" }] },
  ]);
  expect(taken[1]!.customerId).toBe(taken[0]!.customerId);
  expect(await get(taken[0]!.customerId)).toMatchObject({ firstName: "Eva", version: 2 });
  expect(await accountsOf(taken[0]!.customerId)).toMatchObject([
    { number: "A-1", extraFields: [{ name: "Plan", value: "Gold" }] },
  ]);
});

test("D03: the document of a merged customer leads to the survivor, whose own stays", async () => {
  const { take, bus, get } = await start();
  const [absorbed, survivor] = await take([aRecord(), aRecord()]);
  const { documentNumber: old } = await get(absorbed!.customerId);
  const { documentNumber: own } = await get(survivor!.customerId);
  const pair = { absorbedId: absorbed!.customerId!, survivorId: survivor!.customerId! };
  await bus.call("customers.merge", pair, supervisor);

  const [taken] = await take([aRecord({ documentNumber: old, lastName: "New" })], {
    replaceDuplicates: true,
  });

  expect(taken).toMatchObject({ outcome: "updated", customerId: survivor!.customerId });
  expect(await get(survivor!.customerId)).toMatchObject({ documentNumber: own, lastName: "New" });
});

test("F018: who attends the customer in the campaign is kept and told, and others of the scope give way", async () => {
  const { take, get } = await start();
  const record = aRecord({}, { ownerId: "ada" });
  const [one] = await take([record]);
  const other = { ...aRecord({ documentNumber: record.customer.documentNumber }), ownerId: "bo" };

  const [two] = await take([other]);

  expect(two).toMatchObject({ outcome: "skipped", customerId: one!.customerId });
  expect((await get(one!.customerId)).owners).toEqual([{ userId: "bo", campaignId: "sales" }]);
  const told = await announced("customers", "customers.ownerSet");
  expect(
    told.filter(({ data }) => data.id === one!.customerId).map(({ data }) => data.userId),
  ).toEqual(["ada", "bo"]);
});

test("F223: other accounts go, but not of a customer of whom rows are rejected", async () => {
  const { take, accountsOf } = await start();
  const record = aRecord();
  const documentNumber = record.customer.documentNumber;
  const [{ customerId } = {}] = await take([record]);
  const only = { accounts: [{ row: 9, number: "B", extraFields: [] }] };

  await take([aRecord({ documentNumber }, { ...only, isPartial: true })], {
    deleteOtherAccounts: true,
  });
  expect(await accountsOf(customerId)).toHaveLength(2);
  const [taken] = await take([aRecord({ documentNumber }, only)], { deleteOtherAccounts: true });

  expect(taken).toMatchObject({ accountsDeleted: 1, accounts: [{ outcome: "skipped" }] });
  expect((await accountsOf(customerId)).map(({ number }) => number)).toEqual(["B"]);
});
