/** The rows of a sheet as they are inflated: each with its number and the texts of its cells. */
import { importColumns } from "#shared/contracts/imports/import.ts";
import { tooLarge } from "#shared/errors.ts";
import { dateText, numberText } from "./dates.rules.ts";
import type { Parts } from "./parts.ts";
import { parsed, type Handler } from "./xml.ts";

/** Of a longer cell one character more is kept, so that it is seen to be too long. */
export const longestCell = 5_000;

export interface SheetRow {
  /** As the spreadsheet shows it, from 1. */
  number: number;
  /** Empty where a cell is; no longer than to the last one that says something. */
  cells: string[];
}

type Meaning = Pick<Parts, "texts" | "dated" | "from1904">;

/**
 * The rows that say something, some at a time.
 * @throws 413 TOO_LARGE beyond 200 columns
 */
export async function* rowsOf(
  bytes: AsyncIterable<Buffer>,
  meaning: Meaning,
): AsyncGenerator<SheetRow[]> {
  const reading = new Reading(meaning);
  const pieces = parsed(bytes, reading);
  while (!(await pieces.next()).done) {
    const rows = reading.take();
    if (rows.length > 0) yield rows;
  }
}

class Reading implements Handler {
  readonly #meaning: Meaning;
  #rows: SheetRow[] = [];
  #row: SheetRow = { number: 0, cells: [] };
  #column = -1;
  #cell: { type: string; style: number; raw: string } | undefined;
  #isValue = false;
  #isPhonetic = false;

  constructor(meaning: Meaning) {
    this.#meaning = meaning;
  }

  take(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "row") this.#beginRow(attributes);
    else if (name === "c") this.#beginCell(attributes);
    else if (name === "rPh") this.#isPhonetic = true;
    this.#isValue = name === "v" || (name === "t" && !this.#isPhonetic);
  }

  #beginRow({ r = "" }: Readonly<Record<string, string>>): void {
    this.#row = { number: numberOf(r) ?? this.#row.number + 1, cells: [] };
    this.#column = -1;
  }

  #beginCell({ r = "", t = "n", s = "" }: Readonly<Record<string, string>>): void {
    this.#column = columnOf(r) ?? this.#column + 1;
    this.#cell = { type: t, style: Number(s), raw: "" };
  }

  text(text: string): void {
    if (this.#isValue && this.#cell) this.#cell.raw += text;
  }

  close(name: string): void {
    this.#isValue = false;
    if (name === "rPh") this.#isPhonetic = false;
    else if (name === "c") this.#endCell();
    else if (name === "row" && this.#row.cells.length > 0) this.#rows.push(this.#row);
  }

  #endCell(): void {
    const text = this.#cell
      ? this.#textOf(this.#cell)
          .slice(0, longestCell + 1)
          .trim()
      : "";
    this.#cell = undefined;
    if (text === "") return;
    if (this.#column >= importColumns) throw tooLarge("A workbook may have at most 200 columns");
    const { cells } = this.#row;
    while (cells.length < this.#column) cells.push("");
    cells[this.#column] = text;
  }

  #textOf({ type, style, raw }: { type: string; style: number; raw: string }): string {
    if (type === "s") return this.#meaning.texts[Number(raw)] ?? "";
    if (type === "b") return raw === "1" ? "true" : "false";
    return type === "n" && raw.trim() !== "" ? this.#numberIn(raw, style) : raw;
  }

  #numberIn(raw: string, style: number): string {
    const { dated, from1904 } = this.#meaning;
    const number = Number(raw);
    if (!Number.isFinite(number)) return raw;
    return dated[style] ? dateText(number, from1904) : numberText(number);
  }
}

const numberOf = (text: string): number | undefined =>
  /^\d{1,7}$/.test(text) ? Number(text) : undefined;

/** "AB12" stands in the 27th column, counted from 0. */
function columnOf(reference: string): number | undefined {
  const [letters] = /^[A-Z]{1,3}/.exec(reference) ?? [];
  if (!letters) return undefined;
  return Array.from(letters).reduce((all, one) => all * 26 + one.charCodeAt(0) - 64, 0) - 1;
}
