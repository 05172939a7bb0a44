/** Imports: customers, accounts and cases out of a workbook, tried before they are done (A26). */
import { contract } from "../contract.ts";
import {
  id,
  list,
  optional,
  partial,
  personal,
  record,
  secret,
  text,
  whole,
  word,
  yesNo,
} from "../fields.ts";
import { page, paging, version } from "./common.ts";
import { Import, importBytes, ImportOptions, ImportRow, RejectedRow } from "./imports/import.ts";
import { announcerActions, holderActions } from "./privacy.ts";

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export const imports = contract({
  actions: {
    /**
     * Reads the workbook that the stream brings (the call's `stream` option) and begins its dry run.
     * With the same idempotency key it answers the import made before.
     */
    upload: {
      params: {
        campaignId: id,
        fileName: text(255),
        maxBytes: whole(1, importBytes),
        options: record(ImportOptions),
      },
      returns: record({ import: record(Import), sha256: personal(text(64)) }),
    },
    list: {
      rest: "GET /imports",
      needs: "imports.run",
      says: "The imports into the user's campaigns, newest first; kept for 30 days.",
      params: { ...paging, campaignId: optional(id) },
      returns: page(Import),
    },
    listFields: {
      rest: "GET /imports/fields",
      needs: "imports.run",
      says: "What a column can mean, with its headings in the template, and advice for a correct import (F211, F212).",
      params: {},
      returns: record({
        items: list(
          record({
            field: text(40),
            heading: record({ en: text(60), es: text(60) }),
            required: yesNo,
            advice: optional(record({ en: text(200), es: text(200) })),
          }),
          100,
        ),
        limits: record({
          bytes: whole(1, 1e9),
          rows: whole(1, 1e9),
          columns: whole(1, 1e9),
        }),
      }),
    },
    get: {
      rest: "GET /imports/:id",
      needs: "imports.run",
      says: "An import: its options, what it would do or has done, and how far it has got (F213, F224).",
      params: { id },
      returns: record(Import),
    },
    change: {
      rest: "PATCH /imports/:id",
      needs: "imports.run",
      guarded: "checked",
      says: "Changes options, alone or within `options`, before the import runs, and checks it again (F214-F223).",
      params: {
        id,
        version: optional(version),
        options: optional(record(partial(ImportOptions))),
        ...partial(ImportOptions),
      },
      returns: record(Import),
    },
    run: {
      rest: "POST /imports/:id/run",
      needs: "imports.run",
      status: 202,
      says: "Runs an import that was checked; one that closes open cases needs the token of its dry run (D15).",
      params: { id, confirmationToken: optional(secret(100)) },
      returns: record(Import),
    },
    cancel: {
      rest: "POST /imports/:id/cancel",
      needs: "imports.run",
      status: 200,
      says: "Leaves the rest of an import undone; what is done stays done.",
      params: { id },
      returns: record(Import),
    },
    listRows: {
      rest: "GET /imports/:id/rows",
      needs: "imports.run",
      says: "What became of each row, in their order; of a rejected one the columns, values and reasons (D25).",
      params: { id, ...paging, outcome: optional(ImportRow.outcome) },
      returns: page(ImportRow),
    },
    /** The rejected rows as they stood in the sheet, for the workbook of them. */
    rejects: {
      params: { id, cursor: optional(word(/^[\w-]+$/, 3_000)) },
      returns: page(RejectedRow),
    },
    ...announcerActions,
    ...holderActions,
  },
  doors: {
    create: {
      rest: "POST /imports",
      needs: "imports.run",
      consumes: "multipart/form-data",
      streamed: true,
      status: 202,
      says: "Uploads a workbook: the part `file`, with the parts `campaignId` and `options` (JSON) before or after it. Begins the dry run (F210-F213).",
      accepts: {},
      returns: record(Import),
    },
    template: {
      rest: "GET /imports/template.xlsx",
      needs: "imports.run",
      produces: xlsx,
      says: "A workbook with the platform's columns, in the language of who asks (F211).",
      accepts: {},
    },
    rejectsWorkbook: {
      rest: "GET /imports/:id/rejects.xlsx",
      needs: "imports.run",
      produces: xlsx,
      says: "The rejected rows with the reasons, ready to be corrected and sent again (D25).",
      accepts: { id },
    },
  },
  events: {
    uploaded: { id, campaignId: id },
    optionsChanged: { id, campaignId: id },
    started: { id, campaignId: id },
    finished: { id, campaignId: id, state: Import.state, counts: Import.counts },
  },
  aggregates: { import: { state: Import.state, options: Import.options, counts: Import.counts } },
});
