/** Who may import what, and what is refused. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { bookOf } from "../workbook.ts";
import { aNumber, importsInto, type Shown } from "./importing.ts";
import { headings, problem, startImporting, type Importing } from "./imports-office.ts";

let world: Importing;
const office = () => world;

beforeAll(async () => {
  world = await startImporting();
}, 90_000);
afterAll(() => world.system.stop());

test("G04: supervisors import into their own campaigns, agents into none", async () => {
  const { agent, ask, elsewhere, imports, inbox, supervisor } = office();
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
  const { imports, system } = office();
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
        imports.post(book, {
          options: { template: "custom", mapping: { firstName: "Vorname" } },
        }),
      [422, "VALIDATION_ERROR", "mapping.firstName"],
    ],
    [
      () =>
        imports.post(book, {
          options: { template: "custom", mapping: { shoeSize: "First name" } },
        }),
      [422, "VALIDATION_ERROR", "mapping.shoeSize"],
    ],
    [() => importsInto(system, randomUUID()).post(book), [422, "VALIDATION_ERROR", "campaignId"]],
    [() => imports.post(Buffer.alloc(21 * 1024 * 1024)), [413, "TOO_LARGE", undefined]],
  ];
  for (const [answer, refusal] of cases) expect(await problem(await answer())).toEqual(refusal);
});

test("B01: the same upload again is one import, another file with its key is refused", async () => {
  const { imports } = office();
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
  const { ask, imports, system } = office();
  const book = [headings, ["CC", aNumber(), "Ada", "Byron", "1"]];
  const tried = await imports.checked(book);
  const patch = (version: number, body: object) =>
    ask("PATCH", `/imports/${tried.id}`, system, body, {
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

test("B08: an erased customer leaves no trace in the rows of imports", async () => {
  const { ask, customerWith, imports, system } = office();
  const [number, secret] = [aNumber(), `w${randomUUID().slice(0, 8)}`];
  const row = (born: string) => [
    [...headings, "E-mail", "Birth date"],
    ["CC", number, secret, "Byron", "1", `${secret}@example.com`, born],
  ];
  await imports.run(await imports.checked(row("")));
  const { id } = await until(() => customerWith(number));
  const waiting = await imports.checked(row("1990-12-31"));
  const shown = await system.http("GET", `/api/v1/customers/${id}`, {
    token: system.token,
  });
  const { displayName: confirm } = shown.json<Customer>();

  const erasure = expected(
    await ask("POST", `/customers/${id}/erasure`, system, { reason: "Asked", confirm }),
    202,
  );
  const over = async () =>
    expected(await ask("GET", `/erasures/${erasure.json<{ id: string }>().id}`), 200).json<{
      state: string;
    }>().state === "done";
  await until(over, { withinMs: 60_000 });

  expect(await imports.rowsOf(waiting)).toMatchObject([{ outcome: "cancelled" }]);
  const rejects = await ask("GET", `/imports/${waiting.id}/rows`);
  expect(rejects.text).not.toContain(secret);
}, 90_000);
