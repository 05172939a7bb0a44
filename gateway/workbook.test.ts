import { expect, test } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { readWorkbook } from "../tests/workbook.ts";
import { workbookOf, type Cell } from "./workbook.ts";

const columns = [
  { heading: "What", width: 20 },
  { heading: "When", width: 20, times: true },
];

async function* pages(...rows: Cell[][][]) {
  for (const page of rows) yield await Promise.resolve(page);
}

test("a workbook has its heading and every row, with texts and times as they are", async () => {
  const at = new Date("2026-01-31T10:00:00Z");
  const rows = pages([["año & <b>", at]], [], [["last\u{FFFF}"]]);

  const read = await readWorkbook(workbookOf({ name: "Sheet", columns, rows }));

  expect(read).toEqual([["What", "When"], ["año & <b>", at], ["last"]]);
});

const attacks = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a","b")'];

test("Exports: a cell that starts with = + - @, tab or CR is text, never a formula", async () => {
  const rows = pages(attacks.map((attack) => [attack]));

  const read = await readWorkbook(workbookOf({ name: "Sheet", columns, rows }));

  // XML knows no CR: it is read as a line feed
  expect(read.slice(1)).toEqual(attacks.map((attack) => [attack.replace("\r", "\n")]));
});

test("Exports: no cell is larger than a spreadsheet can hold", async () => {
  const rows = pages([["a".repeat(40_000)]]);

  const [, [cell] = []] = await readWorkbook(workbookOf({ name: "Sheet", columns, rows }));

  expect(cell).toHaveLength(32_767);
});

test("P10: a slow reader is waited for: what waits in memory stays small", async () => {
  const pageBytes = 200_000;
  let asked = 0;
  async function* large() {
    for (let page = 0; page < 100; page += 1) {
      asked += pageBytes;
      await turn();
      yield Array.from({ length: 10 }, () => [randomBytes(pageBytes / 20).toString("hex")]);
    }
  }

  let taken = 0;
  let behind = 0;
  for await (const chunk of workbookOf({ name: "Sheet", columns, rows: large() })) {
    taken += (chunk as Buffer).length;
    behind = Math.max(behind, asked - 2 * taken); // hexadecimal packs to a half
    await turn();
  }

  expect(asked).toBe(100 * pageBytes);
  expect(behind).toBeLessThan(2_000_000);
});

test("a reader who goes away ends the work", async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  async function* endless() {
    try {
      for (;;) {
        await turn();
        yield [[randomBytes(1_000).toString("hex")]];
      }
    } finally {
      end("ended");
    }
  }
  const bytes = workbookOf({ name: "Sheet", columns, rows: endless() });

  await once(bytes, "readable");
  bytes.destroy();

  expect(await ended).toBe("ended");
});

test("rows that fail break the workbook off", async () => {
  async function* failing() {
    yield await Promise.resolve([["one"]]);
    throw new Error("the second page is away");
  }

  const read = readWorkbook(workbookOf({ name: "Sheet", columns, rows: failing() }));

  await expect(read).rejects.toThrow("the second page is away");
});
