/** What an import is, and what becomes of each of its rows (A26, D25). */
import {
  id,
  instant,
  list,
  longText,
  map,
  oneOf,
  optional,
  personal,
  record,
  says,
  secret,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { priority } from "../cases/status.ts";
import { country, trail } from "../common.ts";

export const importBytes = 20 * 1024 * 1024;
export const importRows = 100_000;
export const importColumns = 200;

const count = whole(0, 1_000_000);

const mapping = says(
  "The heading of the column for each datum of the platform; `extra:Plan` for an additional datum of the account.",
  map(text(200), 100),
);

/** How a workbook is taken in (F214-F223). */
export type ImportOptions = Received<typeof ImportOptions>;
export const ImportOptions = {
  /** `platform`: the headings are the template's; `custom`: `mapping` says what columns are. */
  template: withDefault(oneOf("platform", "custom"), "platform"),
  mapping: optional(mapping),
  /** The type of the documents of rows that say none. */
  documentType: optional(text(40)),
  /** The country in which phone numbers without "+" are read. */
  country: optional(country),
  createCases: withDefault(yesNo, false),
  casePriority: withDefault(priority, "low"),
  tags: withDefault(oneOf("replace", "append"), "append"),
  closeOpenCases: withDefault(yesNo, false),
  assignAccounts: withDefault(yesNo, false),
  replaceDuplicates: withDefault(yesNo, false),
  deleteOtherAccounts: withDefault(yesNo, false),
  /** `atomic`: nothing is imported where any row is rejected. */
  mode: withDefault(oneOf("partial", "atomic"), "partial"),
};

/** What an import makes; of a dry run, what it would make. */
export type ImportCounts = Received<typeof ImportCounts>;
export const ImportCounts = {
  rows: count,
  valid: count,
  rejected: count,
  customersCreated: count,
  customersUpdated: count,
  customersSkipped: count,
  accountsCreated: count,
  accountsUpdated: count,
  accountsDeleted: count,
  casesCreated: count,
  casesClosed: count,
};

/** Why a file, or an import as a whole, cannot be taken in. */
export type ImportFault = Received<typeof ImportFault>;
export const ImportFault = {
  code: text(60),
  detail: text(500),
  /** The data without a column that must have one. */
  missing: optional(list(text(40), 30)),
};

const state = oneOf("checking", "checked", "refused", "running", "done", "cancelled", "failed");

export type Import = Received<typeof Import>;
export const Import = {
  id,
  campaignId: id,
  fileName: personal(text(255)),
  state,
  options: record(ImportOptions),
  /** The headings of the workbook's columns, in their order. */
  headings: list(text(200, 0), importColumns),
  /** What the headings seem to mean, for a custom template (F216). */
  suggestedMapping: mapping,
  /** Until it runs those of the dry run, then what is done by now. */
  counts: record(ImportCounts),
  /** What the dry run had counted, once it runs. */
  dryRun: optional(record(ImportCounts)),
  /** To be sent back by who runs an import that closes open cases (D15). */
  confirmationToken: optional(secret(100)),
  progress: record({
    /** What it is at: checking or importing rows, or closing cases. */
    phase: oneOf("checking", "closing", "importing", "over"),
    done: count,
    total: count,
  }),
  /** Of an import that was refused or has failed. */
  fault: optional(record(ImportFault)),
  /** The job that closes the open cases; `GET /bulk-jobs/:id` has each of them. */
  closingJobId: optional(id),
  checkedAt: optional(instant),
  startedAt: optional(instant),
  finishedAt: optional(instant),
  ...trail,
};

/** Why a row is rejected: which of its columns, what stands there, and the reason (D25). */
export type RowFault = Received<typeof RowFault>;
export const RowFault = {
  field: text(60),
  /** Missing where the row has no such column. */
  column: optional(text(200)),
  value: optional(personal(longText(200))),
  message: text(300),
  code: text(60),
  /** The other row of a duplicate (D19). */
  otherRow: optional(whole(1, 2_000_000)),
};

const happened = oneOf("created", "updated", "skipped");

export type ImportRow = Received<typeof ImportRow>;
export const ImportRow = {
  /** Its number in the sheet. */
  row: whole(1, 2_000_000),
  /** `pending`: not checked yet; `cancelled`: the import was, before it came to the row. */
  outcome: oneOf("pending", "valid", "rejected", "done", "cancelled"),
  /** Of a customer with several rows, at the first of them. */
  customer: optional(happened),
  account: optional(happened),
  customerId: optional(id),
  accountId: optional(id),
  caseId: optional(id),
  caseNumber: optional(whole(1, Number.MAX_SAFE_INTEGER)),
  errors: optional(list(record(RowFault), 50)),
};

/** A rejected row as it stood in the sheet. */
export type RejectedRow = Received<typeof RejectedRow>;
export const RejectedRow = {
  row: ImportRow.row,
  cells: personal(list(text(5_000, 0), importColumns)),
  errors: list(record(RowFault), 50),
};
