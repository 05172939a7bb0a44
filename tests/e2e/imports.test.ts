/** Importing customers, accounts and cases from a workbook, through the gateway. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { randomUUID } from "node:crypto";
import type { Case } from "#shared/contracts/cases.ts";
import type { Account } from "#shared/contracts/customers/accounts.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { until } from "#shared/testing/until.ts";
import { expected, makeInbox, type Inbox } from "../system/system.ts";
import { bookOf, readWorkbook } from "../workbook.ts";
import { aNumber, importsInto, type Shown } from "./importing.ts";
import { startTeam, type Team } from "./team.ts";

let team: Team;
let other: Inbox;
let imports: ReturnType<typeof importsInto>;
let elsewhere: ReturnType<typeof importsInto>;
let agentEmail: string;

beforeAll(async () => {
  team = await startTeam({ ERASURE_SETTLE_MS: "0" });
  const { system, inbox, ask, agent } = team;
  other = await makeInbox(system);
  const quiet = { queueAssignment: false };
  expected(await ask("PUT", `/campaigns/${other.campaignId}/options`, system, quiet), 200);
  imports = importsInto(system, inbox.campaignId);
  elsewhere = importsInto(system, other.campaignId);
  const user = expected(await ask("GET", `/users/${agent.id}`), 200).json<{ email: string }>();
  agentEmail = user.email;
}, 90_000);
afterAll(() => team.system.stop());

const headings = ["Document type", "Document number", "First name", "Last name", "Account number"];

async function customerWith(number: string): Promise<Customer | undefined> {
  const answer = expected(await team.ask("GET", `/customers?q=${number}`), 200);
  return answer.json<{ items: Customer[] }>().items[0];
}
const accountsOf = async (id: string): Promise<Account[]> =>
  expected(await team.ask("GET", `/customers/${id}/accounts`), 200).json<{ items: Account[] }>()
    .items;
const casesOf = async (id: string): Promise<Case[]> =>
  expected(await team.ask("GET", `/cases?customerId=${id}`), 200).json<{ items: Case[] }>().items;
async function problem(answer: Response): Promise<[number, string, string | undefined]> {
  const { status, code, errors } = (await answer.json()) as {
    status: number;
    code: string;
    errors?: { path: string }[];
  };
  return [status, code, errors?.[0]?.path];
}

test("F210-F214, F224, D25: a workbook is tried, then run: the good rows go in, with their accounts", async () => {
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
  const [number, name] = [aNumber(), randomUUID().slice(0, 8)];
  const columns = [...headings, "Tags", "Mobile"];
  const row = (first: string, account: string, tags: string, mobile = "") => [
    columns,
    ["CC", number, first, name, account, tags, mobile],
  ];
  await imports.run(await imports.checked(row("Ada", "1", "vip", "+34600111222")));
  const { id } = await until(() => customerWith(number));
  const now = async () => expected(await team.ask("GET", `/customers/${id}`), 200).json<Customer>();

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

test("F223: nothing is deleted of a customer of whom a row is rejected", async () => {
  const number = aNumber();
  const book = (last: string) => [
    [...headings, "Birth date"],
    ["CC", number, "Ada", "Byron", "1", ""],
    ["CC", number, "Ada", "Byron", "2", last],
  ];
  await imports.run(await imports.checked(book("")));

  const tried = await imports.checked(book("soon"), { options: { deleteOtherAccounts: true } });

  expect(tried.counts).toMatchObject({ rejected: 1, accountsDeleted: 0 });
});

test("F018, F069, F217, F218, F221: each row has its case, of the priority and the user that were said", async () => {
  const { ask, agent, inbox } = team;
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

test("F113, F220, D15: open cases are closed only with the token of the dry run that counted them", async () => {
  const { ask, system } = team;
  const open = {
    description: "Open",
    customer: { firstName: "Ada" },
    campaignId: other.campaignId,
  };
  for (let n = 0; n < 3; n += 1) expected(await ask("POST", "/cases", system, open), 201);
  const loose = { allowCloseWithoutActivity: true, allowCloseWithIncompleteCustomer: true };
  expected(await ask("PUT", `/campaigns/${other.campaignId}/options`, system, loose), 200);
  const options = { closeOpenCases: true, createCases: true, casePriority: "high" };
  const tried = await elsewhere.checked([headings, ["CC", aNumber(), "Ada", "B", "1"]], {
    options,
  });
  expect(tried.counts).toMatchObject({ casesClosed: 3, casesCreated: 1 });

  for (const body of [{}, { confirmationToken: "guessed" }]) {
    const refused = await elsewhere.ask("POST", `${tried.id}/run`, undefined, body);
    expect([refused.status, refused.json<{ code: string }>().code]).toEqual([
      409,
      "CONFIRMATION_NEEDED",
    ]);
  }
  const late = expected(await ask("POST", "/cases", system, open), 201).json<Case>();
  const done = await elsewhere.run(tried);

  expect(done).toMatchObject({ state: "done", counts: tried.counts });
  const left = expected(
    await ask("GET", `/cases?campaignId=${other.campaignId}&state=active`),
    200,
  );
  const items = left.json<{ items: Case[] }>().items;
  expect(items).toHaveLength(2);
  expect(items.map(({ id }) => id)).toContain(late.id);
  expect(items.map(({ priority }) => priority).sort()).toEqual(["high", "medium"]);
});

test("D25: all or nothing: a file with a bad row is refused, until it is said otherwise", async () => {
  const number = aNumber();
  const book = [headings, ["CC", number, "Ada", "Byron", "1"], ["CC", "", "", "", ""]];
  const refused = await imports.checked(book, { options: { mode: "atomic" } });

  expect(refused).toMatchObject({ state: "refused", fault: { code: "ROWS_REJECTED" } });
  const run = await imports.ask("POST", `${refused.id}/run`, undefined, {});
  expect([run.status, run.json<{ code: string }>().code]).toEqual([409, "IMPORT_NOT_CHECKED"]);

  expected(await imports.ask("PATCH", refused.id, undefined, { mode: "partial" }), 200);
  const done = await imports.run(await imports.settled(refused.id));
  expect(done.counts).toMatchObject({ valid: 1, rejected: 1, customersCreated: 1 });
});

test("F210: a workbook without what every row must have is refused, and names it", async () => {
  const refused = await imports.checked([["First name"], ["Ada"]]);

  expect(refused).toMatchObject({
    ...{ state: "refused", counts: { rows: 1, valid: 0 } },
    fault: { code: "COLUMNS_MISSING", missing: ["documentType", "documentNumber"] },
  });
});

const sheetOf = async (answer: Response): Promise<unknown[][]> => {
  expect(answer.status).toBe(200);
  return readWorkbook(Readable.fromWeb(answer.body as ReadableStream));
};

test("F211, F212: the template has the platform's columns, and is taken as it is; advice says what to write", async () => {
  const [columns = []] = await sheetOf(await imports.workbook("template.xlsx"));
  expect(columns.slice(0, 4)).toEqual(["Kind", "Document type", "Document number", "First name"]);

  const number = aNumber();
  const row = columns.map((heading) =>
    heading === "Document type" ? "CC" : heading === "Document number" ? number : "",
  );
  expect((await imports.checked([columns, row])).counts).toMatchObject({ valid: 1, rejected: 0 });
  const { items } = expected(await imports.ask("GET", "fields"), 200).json<{ items: object[] }>();
  expect(items).toContainEqual(
    expect.objectContaining({
      field: "documentNumber",
      required: true,
      heading: { en: "Document number", es: "Número de documento" },
    }),
  );
});

test("D25: the rejected rows come back as a workbook, are corrected and sent again", async () => {
  const number = aNumber();
  const book = [
    [...headings, "Plan"],
    ["CC", number, "=1+1", "Byron", "1", "@Gold"],
    ["CC", "", "Eva", "", ""],
  ];
  const atFirst = await imports.run(await imports.checked(book));
  const [columns = [], ...rows] = await sheetOf(
    await imports.workbook(`${atFirst.id}/rejects.xlsx`),
  );

  expect(columns).toEqual([...headings, "Plan", "Rejected row", "Reasons"]);
  expect(rows).toEqual([
    [
      "CC",
      undefined,
      "Eva",
      undefined,
      undefined,
      undefined,
      "3",
      expect.stringContaining("Document number: "),
    ],
  ]);
  const [row = []] = rows;
  row[1] = aNumber();
  const again = await imports.checked([columns, row]);
  expect(again.counts).toMatchObject({ valid: 1, rejected: 0 });
  const customer = await until(() => customerWith(number));
  expect(customer.firstName).toBe("=1+1");
});

test("G04: supervisors import into their own campaigns, agents into none", async () => {
  const { supervisor, agent, inbox, ask } = team;
  const book = [headings, ["CC", aNumber(), "Ada", "Byron", "1"]];
  const own = await imports.checked(book, { token: supervisor.token });
  const foreign = await elsewhere.checked(book);

  expect(own.state).toBe("checked");
  expect(await problem(await elsewhere.post(book, { token: supervisor.token }))).toEqual([
    422,
    "VALIDATION_ERROR",
    "campaignId",
  ]);
  for (const path of ["", "/rows", "/rejects.xlsx"]) {
    const answer = await ask("GET", `/imports/${foreign.id}${path}`, supervisor);
    expect([path, answer.status]).toEqual([path, 404]);
  }
  expect((await imports.ask("POST", `${foreign.id}/run`, supervisor.token, {})).status).toBe(404);
  expect((await imports.ask("POST", `${foreign.id}/cancel`, supervisor.token)).status).toBe(404);
  expect((await imports.post(book, { token: agent.token })).status).toBe(403);
  const listed = expected(await ask("GET", "/imports", supervisor), 200).json<{
    items: { campaignId: string }[];
  }>();
  expect(new Set(listed.items.map(({ campaignId }) => campaignId))).toEqual(
    new Set([inbox.campaignId]),
  );
  expect((await imports.run(own, supervisor.token)).state).toBe("done");
});

test("F213, B01: what is no import is refused by the part or the field", async () => {
  const book = [headings, ["CC", aNumber(), "Ada", "Byron", "1"]];
  const cases: [() => Promise<Response>, unknown[]][] = [
    [() => imports.post(undefined), [422, "VALIDATION_ERROR", "file"]],
    [() => imports.post(Buffer.from("a;b")), [422, "VALIDATION_ERROR", "file"]],
    [() => imports.post(book, { options: "{" }), [422, "VALIDATION_ERROR", "options"]],
    [
      () => imports.post(book, { options: { colour: 1 } }),
      [422, "VALIDATION_ERROR", "options.colour"],
    ],
    [
      () => imports.post(book, { options: { mode: "most" } }),
      [422, "VALIDATION_ERROR", "options.mode"],
    ],
    [
      () => imports.post(book, { options: { mapping: { firstName: "First name" } } }),
      [422, "VALIDATION_ERROR", "mapping"],
    ],
    [
      () =>
        imports.post(book, { options: { template: "custom", mapping: { firstName: "Vorname" } } }),
      [422, "VALIDATION_ERROR", "mapping.firstName"],
    ],
    [
      () =>
        imports.post(book, {
          options: { template: "custom", mapping: { shoeSize: "First name" } },
        }),
      [422, "VALIDATION_ERROR", "mapping.shoeSize"],
    ],
    [
      () => importsInto(team.system, randomUUID()).post(book),
      [422, "VALIDATION_ERROR", "campaignId"],
    ],
    [() => imports.post(Buffer.alloc(21 * 1024 * 1024)), [413, "TOO_LARGE", undefined]],
  ];
  for (const [answer, refusal] of cases) expect(await problem(await answer())).toEqual(refusal);
});

test("B01: the same upload again is one import, another file with its key is refused", async () => {
  const book = await bookOf([headings, ["CC", aNumber(), "Ada", "Byron", "1"]]);
  const key = randomUUID();
  const [first, second] = [await imports.post(book, { key }), await imports.post(book, { key })];

  expect([first.status, second.status]).toEqual([202, 202]);
  const [one, again] = [(await first.json()) as Shown, (await second.json()) as Shown];
  expect(again.id).toBe(one.id);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  const third = await imports.post([headings, ["CC", "1", "Another", "", ""]], { key });
  expect(await problem(third)).toEqual([409, "IDEMPOTENCY_KEY_REUSED", undefined]);
});

test("P9: options are changed by who has read them, and not once it runs", async () => {
  const book = [headings, ["CC", aNumber(), "Ada", "Byron", "1"]];
  const tried = await imports.checked(book);
  const patch = (version: number, body: object) =>
    team.ask("PATCH", `/imports/${tried.id}`, team.system, body, {
      "if-match": `"${String(version)}"`,
    });

  expect((await patch(7, { createCases: true })).status).toBe(412);
  const changed = expected(await patch(1, { createCases: true }), 200);
  expect(changed.headers["etag"]).toBe('"2"');
  const again = await imports.settled(tried.id);
  expect(again).toMatchObject({ options: { createCases: true }, counts: { casesCreated: 1 } });
  await imports.run(again);
  const late = await patch(3, { createCases: false });
  expect([late.status, late.json<{ code: string }>().code]).toEqual([412, "STALE_VERSION"]);
  const over = await imports.ask("PATCH", tried.id, undefined, { createCases: false });
  expect([over.status, over.json<{ code: string }>().code]).toEqual([409, "IMPORT_NOT_CHECKED"]);
});

test("B03: an import is cancelled: what is done stays, the rest is not done", async () => {
  const rows = Array.from({ length: 600 }, () => ["CC", aNumber(), "Ada", "Byron", "1"]);
  const waiting = await imports.checked([headings, rows[0]!]);
  expected(await imports.ask("POST", `${waiting.id}/cancel`), 200);
  const gone = async () => (await imports.get(waiting.id)).state === "cancelled";
  await until(gone);
  expect((await imports.rowsOf(waiting)).map(({ outcome }) => outcome)).toEqual(["cancelled"]);

  const tried = await imports.checked([headings, ...rows]);
  expected(await imports.ask("POST", `${tried.id}/run`, undefined, {}), 202);
  expected(await imports.ask("POST", `${tried.id}/cancel`), 200);
  const over = await imports.settled(tried.id);

  expect(over.state).toBe("cancelled");
  const done = await team.ask("GET", `/imports/${tried.id}/rows?outcome=done&limit=1&count=true`);
  expect(done.json<{ total: number }>().total).toBe(over.counts["customersCreated"]);
  expect(over.counts["customersCreated"]).toBeLessThan(600);
});

test("B08: an erased customer leaves no trace in the rows of imports", async () => {
  const { ask } = team;
  const [number, secret] = [aNumber(), `w${randomUUID().slice(0, 8)}`];
  const row = (born: string) => [
    [...headings, "E-mail", "Birth date"],
    ["CC", number, secret, "Byron", "1", `${secret}@example.com`, born],
  ];
  await imports.run(await imports.checked(row("")));
  const { id } = await until(() => customerWith(number));
  const waiting = await imports.checked(row("1990-12-31"));
  const shown = await team.system.http("GET", `/api/v1/customers/${id}`, {
    token: team.system.token,
  });
  const { displayName: confirm } = shown.json<Customer>();

  const erasure = expected(
    await ask("POST", `/customers/${id}/erasure`, team.system, { reason: "Asked", confirm }),
    202,
  );
  const over = async () =>
    expected(await ask("GET", `/erasures/${erasure.json<{ id: string }>().id}`), 200).json<{
      state: string;
    }>().state === "done";
  await until(over, { withinMs: 60_000 });

  expect(await imports.rowsOf(waiting)).toMatchObject([{ outcome: "cancelled" }]);
  const rejects = await team.ask("GET", `/imports/${waiting.id}/rows`);
  expect(rejects.text).not.toContain(secret);
}, 90_000);
