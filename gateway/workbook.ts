/** Workbooks that are written while they are sent: what waits in memory is a few rows. */
import { PassThrough, type Readable, type Writable } from "node:stream";
import ExcelJS from "exceljs";

/** A column: its heading, its width in characters, and whether it holds times. */
export interface Column {
  readonly heading: string;
  readonly width: number;
  readonly times?: boolean;
}

/** What a cell may hold: nothing that a spreadsheet would calculate. */
export type Cell = string | Date | undefined;

export interface Sheet {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The rows, some at a time; no more are asked for than the reader takes. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/**
 * The bytes of a workbook of one sheet. When whoever reads them goes away, `rows` is ended; when
 * `rows` fails, so does the stream, and what was sent does not pass for a whole workbook.
 */
export function workbookOf(sheet: Sheet): Readable {
  const bytes = new PassThrough();
  const gone = new AbortController();
  bytes.once("close", () => {
    gone.abort();
  });
  write(sheet, bytes, gone.signal).catch((error: unknown) => {
    bytes.destroy(error as Error);
  });
  return bytes;
}

async function write({ name, columns, rows }: Sheet, bytes: PassThrough, gone: AbortSignal) {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: bytes, useStyles: true });
  const views = [{ state: "frozen" as const, ySplit: 1 }];
  const worksheet = workbook.addWorksheet(name, { views });
  worksheet.columns = columns.map(({ width, times }) => ({
    width,
    style: { numFmt: times ? "yyyy-mm-dd hh:mm:ss" : asText },
  }));
  const heading = worksheet.addRow(columns.map((column) => column.heading));
  heading.font = { bold: true };
  heading.numFmt = asText;
  heading.commit();
  try {
    for await (const some of rows) {
      for (const row of some) worksheet.addRow(row.map(cellOf)).commit();
      await taken(worksheet, gone);
    }
    await workbook.commit();
  } catch (error) {
    (workbook as unknown as { zip: { abort(): void } }).zip.abort();
    throw error;
  }
}

/** The format by which a text stays a text, also when somebody edits the cell. */
const asText = "@";
const longestCell = 32_767;

/** No characters that XML cannot say, no more of them than a cell holds. */
const cellOf = (cell: Cell): Cell =>
  typeof cell === "string"
    ? cell
        .replaceAll(/[\uFFFE\uFFFF]/g, "")
        .slice(0, longestCell)
        .toWellFormed()
    : cell;

/**
 * Waits until what was written has been taken on: a write of nothing comes after it. exceljs hands
 * rows to its compressor without asking whether there is room, so that all of them would wait in
 * memory for a slow reader.
 */
async function taken(worksheet: ExcelJS.Worksheet, gone: AbortSignal): Promise<void> {
  const { pipes } = (worksheet as unknown as { stream: { pipes: Writable[] } }).stream;
  gone.throwIfAborted();
  await new Promise((resolve, reject) => {
    const leave = () => {
      reject(gone.reason as Error);
    };
    gone.addEventListener("abort", leave, { once: true });
    const written = pipes.map((pipe) => new Promise((done) => pipe.write(Buffer.alloc(0), done)));
    void Promise.all(written).then(() => {
      gone.removeEventListener("abort", leave);
      resolve(undefined);
    });
  });
}
