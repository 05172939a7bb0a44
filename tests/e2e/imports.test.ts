/** Importing customers, accounts and cases from a workbook, through the gateway. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { aNumber } from "./importing.ts";
import { headings, sheetOf, startImporting, type Importing } from "./imports-office.ts";

let world: Importing;
const office = () => world;

beforeAll(async () => {
  world = await startImporting();
}, 90_000);
afterAll(() => world.system.stop());

test("F200, F210-F214, F224, D25: a workbook is tried, then run: the good rows go in, with their accounts", async () => {
  const { accountsOf, customerWith, imports } = office();
  const [one, two] = [aNumber(), aNumber()];
  const tried = await imports.checked([
    [...headings, "E-mail", "Plan"],
    ["CC", one, "Ada", "Byron", "A-1", "ada@example.com", "Gold"],
    ["CC", one, "Ada", "Byron", "A-2", "ada@example.com", "Silver"],
    ["CC", two, "Grace", "Hopper", "B-1", "no address", "Gold"],
    ["CC", "", "Nobody", "", "C-1"],
    ["CC", one, "Ada", "Byron", "A 1", "", ""],
    ["CC", one, "Another", "Byron", "A-3", "", ""],
  ]);

  expect(tried).toMatchObject({ state: "checked", progress: { phase: "over", done: 6, total: 6 } });
  expect(tried.counts).toMatchObject({
    rows: 6,
    valid: 2,
    rejected: 4,
    customersCreated: 1,
    accountsCreated: 2,
  });
  expect(await customerWith(one)).toBeUndefined();
  expect(await imports.rowsOf(tried, "rejected")).toMatchObject([
    { row: 4, errors: [{ field: "email", column: "E-mail", value: "no address" }] },
    { row: 5, errors: [{ field: "documentNumber", column: "Document number" }] },
    { row: 6, errors: [{ field: "accountNumber", code: "duplicate", otherRow: 2 }] },
    { row: 7, errors: [{ field: "firstName", code: "contradiction", otherRow: 2 }] },
  ]);

  const done = await imports.run(tried);

  expect(done).toMatchObject({ state: "done", counts: tried.counts, dryRun: tried.counts });
  const customer = await until(() => customerWith(one));
  expect(customer).toMatchObject({
    displayName: "Ada Byron",
    contactPoints: [{ value: "ada@example.com" }],
  });
  expect(await accountsOf(customer.id)).toMatchObject([
    { number: "A-1", extraFields: [{ name: "Plan", value: "Gold" }] },
    { number: "A-2", extraFields: [{ name: "Plan", value: "Silver" }] },
  ]);
  expect(await imports.rowsOf(done, "done")).toMatchObject([
    { row: 2, customer: "created", account: "created", customerId: customer.id },
    { row: 3, account: "created", customerId: customer.id },
  ]);
});

test("F215, F216: a custom template is mapped, by what its headings suggest or as somebody says", async () => {
  const { customerWith, imports } = office();
  const number = aNumber();
  const book = [
    ["Cédula", "Nombre completo", "Cumpleaños", "Correo electrónico", "Sede"],
    [number, "Ada", new Date("1990-12-31"), "ada@example.org", "Norte"],
  ];
  const tried = await imports.checked(book, { options: { template: "custom" } });
  expect(tried.suggestedMapping).toEqual({
    documentNumber: "Cédula",
    "extra:Nombre completo": "Nombre completo",
    birthDate: "Cumpleaños",
    email: "Correo electrónico",
    "extra:Sede": "Sede",
  });
  const mapping = {
    documentNumber: "Cédula",
    firstName: "Nombre completo",
    birthDate: "Cumpleaños",
  };

  expected(await imports.ask("PATCH", tried.id, undefined, { options: { mapping } }), 200);
  const again = await imports.settled(tried.id);
  await imports.run(again);

  expect(again.counts).toMatchObject({ valid: 1, customersCreated: 1 });
  expect(await until(() => customerWith(number))).toMatchObject({
    ...{ documentType: "CC", firstName: "Ada", birthDate: "1990-12-31", contactPoints: [] },
  });
});

test("F012, F219, F222, F223: what is there is left alone, or replaced; tags are added or replaced; other accounts go", async () => {
  const { accountsOf, ask, customerWith, imports } = office();
  const [number, name] = [aNumber(), randomUUID().slice(0, 8)];
  const columns = [...headings, "Tags", "Mobile"];
  const row = (first: string, account: string, tags: string, mobile = "") => [
    columns,
    ["CC", number, first, name, account, tags, mobile],
  ];
  await imports.run(await imports.checked(row("Ada", "1", "vip", "+34600111222")));
  const { id } = await until(() => customerWith(number));
  const now = async () => expected(await ask("GET", `/customers/${id}`), 200).json<Customer>();

  const left = await imports.run(await imports.checked(row("Eva", "2", "late")));
  expect(left.counts).toMatchObject({
    customersSkipped: 1,
    customersUpdated: 0,
    accountsCreated: 1,
  });
  expect(await now()).toMatchObject({ firstName: "Ada", tags: ["vip"] });

  const replaceDuplicates = true;
  const added = await imports.checked(row("Eva", "2", "late", "+34600111333"), {
    options: { replaceDuplicates },
  });
  expect((await imports.run(added)).counts).toMatchObject({
    customersUpdated: 1,
    accountsCreated: 0,
  });
  const changed = await now();
  expect(changed).toMatchObject({ firstName: "Eva", tags: ["vip", "late"] });
  expect(changed.contactPoints.map(({ value }) => value)).toEqual(["+34600111222", "+34600111333"]);

  const options = { replaceDuplicates, tags: "replace", deleteOtherAccounts: true };
  const only = await imports.checked(row("Eva", "3", "new"), { options });
  expect(only.counts).toMatchObject({ accountsCreated: 1, accountsDeleted: 2 });
  expect((await imports.run(only)).counts).toEqual(only.counts);
  expect(await now()).toMatchObject({ tags: ["new"] });
  expect((await accountsOf(id)).map((account) => account.number)).toEqual(["3"]);
});

test("F211, F212: the template has the platform's columns, and is taken as it is; advice says what to write", async () => {
  const { imports } = office();
  const [columns = []] = await sheetOf(await imports.workbook("template.xlsx"));
  expect(columns.slice(0, 4)).toEqual(["Kind", "Document type", "Document number", "First name"]);

  const number = aNumber();
  const row = columns.map((heading) =>
    heading === "Document type" ? "CC" : heading === "Document number" ? number : "",
  );
  expect((await imports.checked([columns, row])).counts).toMatchObject({
    valid: 1,
    rejected: 0,
  });
  const { items } = expected(await imports.ask("GET", "fields"), 200).json<{
    items: object[];
  }>();
  expect(items).toContainEqual(
    expect.objectContaining({
      field: "documentNumber",
      required: true,
      heading: { en: "Document number", es: "Número de documento" },
    }),
  );
});

test("F018, F069, F217, F218, F221: each row has its case, of the priority and the user that were said", async () => {
  const { agent, agentEmail, ask, casesOf, customerWith, imports, inbox } = office();
  const number = aNumber();
  const columns = [...headings, "Assigned user", "Case subject", "Case description"];
  const options = { createCases: true, assignAccounts: true };
  const tried = await imports.checked(
    [
      columns,
      ["CC", number, "Ada", "Byron", "1", agentEmail.toUpperCase(), "Renewal", "Call about it"],
      ["CC", number, "Ada", "Byron", "2", agentEmail],
      ["CC", aNumber(), "Grace", "Hopper", "3", "nobody@example.com"],
    ],
    { options },
  );
  expect(tried.counts).toMatchObject({ valid: 2, rejected: 1, casesCreated: 2 });

  const done = await imports.run(tried);

  expect(done.counts).toEqual(tried.counts);
  const { id } = await until(() => customerWith(number));
  const cases = await casesOf(id);
  expect(cases).toHaveLength(2);
  for (const kase of cases) {
    expect(kase).toMatchObject({ priority: "low", status: "new", assigneeId: agent.id });
  }
  expect(cases.map(({ accountNumber }) => accountNumber).sort()).toEqual(["1", "2"]);
  expect(cases.map(({ description }) => description).sort()).toEqual([
    "Call about it",
    "accounts.xlsx, 3",
  ]);
  const [rejected] = await imports.rowsOf(done, "rejected");
  expect(rejected).toMatchObject({ errors: [{ field: "assignedUser", code: "unknownUser" }] });
  const owners = expected(await ask("GET", `/customers/${id}/owner`), 200);
  expect(owners.json<{ items: object[] }>().items).toMatchObject([
    { userId: agent.id, campaignId: inbox.campaignId },
  ]);
  const log = async () => {
    const page = expected(await ask("GET", `/cases/${String(cases[0]?.id)}/changes`), 200);
    return page.json<{ items: object[] }>().items.length > 0;
  };
  await until(log);
});
