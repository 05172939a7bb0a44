/** Workbooks as people send them, and as nobody should. */
import { expect, test } from "@jest/globals";
import { buffer } from "node:stream/consumers";
import ExcelJS from "exceljs";
import { ZipFile } from "yazl";
import { bookOf } from "../../../tests/workbook.ts";
import { dateText, dayOf, numberText, showsDate } from "./dates.rules.ts";
import { openWorkbook } from "./workbook.ts";

async function read(bytes: Buffer) {
  const { headings, rows } = await openWorkbook(bytes);
  const all = [];
  for await (const some of rows) all.push(...some);
  return { headings, rows: all };
}

const refused = (code: number, said: string) =>
  expect.objectContaining({
    code,
    ...(code === 413
      ? { message: expect.stringContaining(said) }
      : { data: { errors: [expect.objectContaining({ path: "file", code: said })] } }),
  });

/** An archive of these entries. */
async function zipOf(entries: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

const xml = '<?xml version="1.0" encoding="UTF-8"?>';
const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** The parts of a small workbook, the sheet's rows as given. */
const parts = (rows: string, prolog = ""): Record<string, string> => ({
  "[Content_Types].xml": `${xml}<Types/>`,
  "xl/workbook.xml": `${xml}<workbook xmlns:r="${relation}"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `${xml}<Relationships><Relationship Id="r1" Target="worksheets/a.xml"/></Relationships>`,
  "xl/worksheets/a.xml": `${xml}${prolog}<worksheet><sheetData>${rows}</sheetData></worksheet>`,
});
const heading = '<row r="1"><c r="A1" t="inlineStr"><is><t>Document</t></is></c></row>';

test("F210: texts, numbers, dates, formulas and rich texts are read as a spreadsheet shows them", async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("One");
  sheet.addRow(["Document", " First   name ", "Born", "Sum", "Is"]);
  sheet.addRow([
    123456789012,
    { richText: [{ text: "A" }, { text: "da" }] },
    new Date("1990-12-31"),
    { formula: "1+1", result: 2 },
    true,
  ]);
  sheet.addRow([]);
  sheet.addRow(["=1+1", undefined, new Date("1990-12-31T10:30:00Z"), 1.5]);
  book.addWorksheet("Two").addRow(["another"]);

  const { headings, rows } = await read(Buffer.from(await book.xlsx.writeBuffer()));

  expect(headings).toEqual(["Document", "First name", "Born", "Sum", "Is"]);
  expect(rows).toEqual([
    { number: 2, cells: ["123456789012", "Ada", "1990-12-31", "2", "true"] },
    { number: 4, cells: ["=1+1", "", "1990-12-31T10:30:00", "1.5"] },
  ]);
});

test("F210: a sheet without references and shared texts is read in order", async () => {
  const bytes = await zipOf(
    parts(`${heading}<row><c><v>7</v></c><c t="str"><v>x &amp; y</v></c></row>`),
  );

  expect((await read(bytes)).rows).toEqual([{ number: 2, cells: ["7", "x & y"] }]);
});

test.each<[string, () => Buffer | Promise<Buffer>, unknown]>([
  [
    "a text",
    () => Buffer.from("documentNumber;firstName\n1;Ada\n".repeat(9)),
    refused(422, "type"),
  ],
  ["nothing", () => Buffer.alloc(0), refused(422, "type")],
  ["an old workbook", () => Buffer.from("d0cf11e0a1b11ae1".repeat(9), "hex"), refused(422, "type")],
  ["another archive", () => zipOf({ "a.txt": "a" }), refused(422, "type")],
  ["no headings", () => zipOf(parts("")), refused(422, "heading")],
  [
    "two columns of one heading",
    () => bookOf([["E-mail", "Name", "e-mail"]]),
    refused(422, "heading"),
  ],
  [
    "a document type",
    () => zipOf(parts(heading, '<!DOCTYPE a [<!ENTITY b "c">]>')),
    refused(422, "doctype"),
  ],
  [
    "an unknown entity",
    () => zipOf(parts(heading.replace("Document", "&b;"))),
    refused(422, "damaged"),
  ],
  ["broken XML", () => zipOf(parts(`${heading}<row>`)), refused(422, "damaged")],
  [
    "no such sheet",
    () => zipOf({ ...parts(heading), "xl/_rels/workbook.xml.rels": `${xml}<Relationships/>` }),
    refused(422, "workbook"),
  ],
  [
    "too many entries",
    () =>
      zipOf({
        ...parts(heading),
        ...Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`x${String(n)}`, ""])),
      }),
    refused(413, "1,000 entries"),
  ],
  [
    "too much inside",
    () => zipOf({ ...parts(heading), x: Buffer.alloc(201 * 1024 * 1024) }),
    refused(413, "200 MB"),
  ],
  [
    "too many columns",
    () => zipOf(parts(`${heading}<row r="2"><c r="HA2"><v>1</v></c></row>`)),
    refused(413, "200 columns"),
  ],
  [
    "an endless cell",
    () =>
      zipOf(
        parts(`${heading}<row r="2"><c t="str"><v>${"x".repeat(12 * 1024 * 1024)}</v></c></row>`),
      ),
    refused(413, "too long"),
  ],
])("F210, D25: %s is refused, and says why", async (_what, make, refusal) => {
  await expect(read(await make())).rejects.toEqual(refusal);
});

test("F210: an entry that leads out of the archive is refused", async () => {
  const bytes = await zipOf({ ...parts(heading), "xl/aa/bb.txt": "x" });
  const evil = Buffer.from(
    bytes.toString("latin1").replaceAll("xl/aa/bb.txt", "../../bb.txt"),
    "latin1",
  );

  await expect(read(evil)).rejects.toEqual(refused(422, "entry"));
});

test("F210: an entry that inflates to more than it says is refused", async () => {
  const bytes = await zipOf(parts(heading + " ".repeat(100_000)));
  const directory = bytes.lastIndexOf("xl/worksheets/a.xml") - 46;
  expect(bytes.readUInt32BE(directory)).toBe(0x504b0102);
  bytes.writeUInt32LE(500, directory + 24);

  await expect(read(bytes)).rejects.toMatchObject({ code: 422 });
});

test("a workbook of 50,000 rows leaves the event loop alone and takes little memory", async () => {
  const rows = Array.from(
    { length: 50_000 },
    (_, n) => `<row><c><v>${String(n)}</v></c><c t="str"><v>Name ${String(n)}</v></c></row>`,
  );
  const bytes = await zipOf(parts(heading + rows.join("")));
  let longest = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  const { rows: all } = await openWorkbook(bytes);
  let count = 0;
  for await (const some of all) {
    count += some.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  clearInterval(watch);

  expect(count).toBe(50_000);
  expect(longest).toBeLessThan(500); // on a machine that is busy with other tests
});

test.each([
  [14, undefined, true],
  [0, undefined, false],
  [164, "dd/mm/yyyy", true],
  [164, '"days" 0', false],
  [164, "[Red]0.00", false],
])("format %s %s shows dates: %s", (format, code, shows) => {
  expect(showsDate(format, code)).toBe(shows);
});

test("numbers are read as they were written, dates as days", () => {
  expect([numberText(1e20), numberText(0.1 + 0.2), numberText(-3)]).toEqual([
    "100000000000000000000",
    "0.3",
    "-3",
  ]);
  expect([dateText(33_238, false), dateText(0, false), dateText(31_776, true)]).toEqual([
    "1990-12-31",
    "0",
    "1990-12-31",
  ]);
  expect(["1990-12-31", "31/12/1990", "1-2-2001", "1990-12-31T00:00:00"].map(dayOf)).toEqual([
    "1990-12-31",
    "1990-12-31",
    "2001-02-01",
    "1990-12-31",
  ]);
  expect(["31/02/1990", "12/31/1990", "soon", "1990"].map(dayOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
