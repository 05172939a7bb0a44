/** Reads a workbook back, as a spreadsheet would: with the reader that streams. */
import { PassThrough, pipeline, type Readable } from "node:stream";
import ExcelJS from "exceljs";

/**
 * The rows of the first sheet, each up to its last cell that holds something.
 * @throws what the stream fails with; and where a cell is anything but a text or a time
 */
export async function readWorkbook(bytes: Readable): Promise<unknown[][]> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const whole = pipeline(bytes, new PassThrough(), (error) => {
    if (error) reject(error);
  });
  return Promise.race([failed, rowsOf(whole)]);
}

async function rowsOf(bytes: Readable): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(bytes, {
    styles: "cache",
    worksheets: "emit",
  });
  for await (const sheet of reader) {
    for await (const row of sheet) {
      const cells: unknown[] = [];
      row.eachCell({ includeEmpty: true }, (cell) => cells.push(valueOf(cell)));
      rows.push(cells);
    }
  }
  return rows;
}

function valueOf({ type, value, numFmt, address }: ExcelJS.Cell): unknown {
  const { Null, String: text, Date: time } = ExcelJS.ValueType;
  if (type === Null) return undefined;
  if (type === text && numFmt === "@") return value;
  if (type === time) return value;
  throw new Error(`${address} holds neither a text nor a time`);
}

/** The bytes of a workbook of one sheet with these rows. */
export async function bookOf(rows: readonly (readonly unknown[])[]): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet("Sheet");
  for (const row of rows) sheet.addRow([...row]);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
