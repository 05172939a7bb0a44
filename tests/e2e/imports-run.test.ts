/** Imports with other options, and what comes back of them. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
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

test("F113, F220, D15: open cases are closed only with the token of the dry run that counted them", async () => {
  const { ask, elsewhere, other, system } = office();
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
  const { imports } = office();
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
  const { imports } = office();
  const refused = await imports.checked([["First name"], ["Ada"]]);

  expect(refused).toMatchObject({
    ...{ state: "refused", counts: { rows: 1, valid: 0 } },
    fault: { code: "COLUMNS_MISSING", missing: ["documentType", "documentNumber"] },
  });
});

test("F223: nothing is deleted of a customer of whom a row is rejected", async () => {
  const { imports } = office();
  const number = aNumber();
  const book = (last: string) => [
    [...headings, "Birth date"],
    ["CC", number, "Ada", "Byron", "1", ""],
    ["CC", number, "Ada", "Byron", "2", last],
  ];
  await imports.run(await imports.checked(book("")));

  const tried = await imports.checked(book("soon"), {
    options: { deleteOtherAccounts: true },
  });

  expect(tried.counts).toMatchObject({ rejected: 1, accountsDeleted: 0 });
});

test("D25: the rejected rows come back as a workbook, are corrected and sent again", async () => {
  const { customerWith, imports } = office();
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

test("B03: an import is cancelled: what is done stays, the rest is not done", async () => {
  const { ask, imports } = office();
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
  const done = await ask("GET", `/imports/${tried.id}/rows?outcome=done&limit=1&count=true`);
  expect(done.json<{ total: number }>().total).toBe(over.counts["customersCreated"]);
  expect(over.counts["customersCreated"]).toBeLessThan(600);
});
