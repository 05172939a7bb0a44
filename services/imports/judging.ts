/** What a check says of each row: read by itself, and beside the others of the file (D19, D25). */
import type { PlatformFieldName } from "#shared/contracts/imports/fields.ts";
import type { RowFault } from "#shared/contracts/imports/import.ts";
import { draftOf, type Draft, type Reading } from "./drafts.ts";
import { note } from "./imports.store.ts";
import * as rowStore from "./rows.store.ts";
import { sorting, type Told } from "./sorting.rules.ts";
import type { KeptImport, KeptRow } from "./tables.store.ts";

const rowsAtOnce = 500;

/** Each row by itself, and beside the others of the file. */
export async function judgeRows(one: KeptImport, reading: Reading, given: AbortSignal) {
  const file = sorting();
  const counts = { valid: 0, rejected: 0 };
  let done = 0;
  for await (const some of rowStore.all(one.id, rowsAtOnce)) {
    if (given.aborted) break;
    const judged = some.map((row) => judgementOf(row, reading, file));
    await rowStore.judge(judged);
    const rejected = judged.filter(({ outcome }) => outcome === "rejected").length;
    counts.rejected += rejected;
    counts.valid += judged.length - rejected;
    done += some.length;
    const phase = "checking" as const;
    await note(one, { phase, done: Math.floor(done / 2), total: one.counts.rows });
  }
  return counts;
}

function judgementOf(
  { id, row, cells = [] }: KeptRow,
  reading: Reading,
  file: ReturnType<typeof sorting>,
) {
  const { draft, faults } = draftOf(cells, reading);
  if (!draft) {
    const told = toldBy(row, cells, reading);
    const unit = told ? { unit: file.unitOf(told) } : {};
    return { id, outcome: "rejected" as const, errors: faults.map(withColumn(reading)), ...unit };
  }
  const { unit, faults: contradictions } = file.place({
    ...{ row, facts: factsOf(cells, reading), characters: cells.join("").length },
    ...keysOf(draft),
  });
  const known = { unit, ...(draft.addresses.length > 0 ? { addresses: draft.addresses } : {}) };
  if (contradictions.length === 0) return { id, outcome: "valid" as const, ...known };
  const errors = contradictions.map(withColumn(reading));
  return { id, outcome: "rejected" as const, errors, ...known };
}

const keysOf = ({ customer, account }: Draft) => ({
  documentType: customer.documentType,
  documentNumber: customer.documentNumber,
  accountNumber: account?.number,
});

/** Whose a row is that cannot be read otherwise. */
function toldBy(row: number, cells: readonly string[], { columns, options }: Reading) {
  const said = (field: PlatformFieldName) => cells[columns.fields.get(field) ?? -1];
  const documentType = said("documentType") || columns.documentType || options.documentType;
  const documentNumber = said("documentNumber");
  return documentType && documentNumber ? { row, documentType, documentNumber } : undefined;
}

/** Data of the account and of the case: they may differ from row to row. */
const ofTheRow = new Set<PlatformFieldName>(["accountNumber", "caseSubject", "caseDescription"]);

const factsOf = (cells: readonly string[], { columns }: Reading): Told["facts"] =>
  new Map(
    [...columns.fields].flatMap(([field, column]): [string, string][] => {
      const value = cells[column];
      return value && !ofTheRow.has(field) && !isKey(field) ? [[field, value]] : [];
    }),
  );

const isKey = (field: PlatformFieldName): boolean =>
  field === "documentType" || field === "documentNumber";

/** A fault with the heading of its column. */
export const withColumn =
  ({ columns, headings }: Reading) =>
  (fault: RowFault): RowFault => {
    const column = headings[columns.fields.get(fault.field as PlatformFieldName) ?? -1];
    return column ? { column, ...fault } : fault;
  };
