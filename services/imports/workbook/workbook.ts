/** A workbook that somebody uploads: its headings, and then its rows, a few at a time (F210). */
import { importRows } from "#shared/contracts/imports/import.ts";
import { tooLarge } from "#shared/errors.ts";
import { nameKey } from "#shared/names.rules.ts";
import { openArchive, unreadable } from "./archive.ts";
import { partsOf } from "./parts.ts";
import { rowsOf, type SheetRow } from "./sheet.ts";

const longestHeading = 200;

export interface Workbook {
  headings: string[];
  /** The rows below the headings. */
  rows: AsyncIterable<SheetRow[]>;
}

/**
 * @throws 422 VALIDATION_ERROR at `file` where it is no workbook, is damaged, or has no row of
 *   headings, or two columns of one; 413 TOO_LARGE, also while the rows are read
 */
export async function openWorkbook(bytes: Buffer): Promise<Workbook> {
  const archive = await openArchive(bytes);
  const parts = await partsOf(archive);
  const all = rowsOf(archive.read(parts.sheet), parts);
  const first = await all.next();
  const [heading, ...others] = first.done ? [] : first.value;
  if (!heading) throw unreadable("has no row of headings in its first sheet", "heading");
  const headings = heading.cells.map((cell) =>
    cell.replaceAll(/\s+/g, " ").slice(0, longestHeading),
  );
  requireDistinct(headings);
  return { headings, rows: bounded(others, all) };
}

function requireDistinct(headings: readonly string[]): void {
  const keys = headings.map(nameKey).filter(Boolean);
  const twice = keys.find((key, place) => keys.indexOf(key) < place);
  if (twice) throw unreadable(`has two columns called "${twice}"`, "heading");
}

async function* bounded(
  first: SheetRow[],
  others: AsyncIterable<SheetRow[]>,
): AsyncGenerator<SheetRow[]> {
  let count = 0;
  const counted = (rows: SheetRow[]): SheetRow[] => {
    count += rows.length;
    if (count > importRows) throw tooLarge("A workbook may have at most 100,000 rows");
    return rows;
  };
  if (first.length > 0) yield counted(first);
  for await (const rows of others) yield counted(rows);
}
