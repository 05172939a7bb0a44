/** The collections of imports and of their rows. */
import { Actor } from "#shared/contracts/common.ts";
import { Import, ImportRow, RejectedRow } from "#shared/contracts/imports/import.ts";
import {
  id,
  instant,
  list,
  optional,
  personal,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** An import as it is kept. */
export type KeptImport = Received<typeof KeptImport>;
const KeptImport = {
  ...Import,
  /** On whose behalf. */
  actor: record(Actor),
  sha256: personal(text(64)),
  /** When the next step is due; none while it waits for somebody, or is over. */
  dueAt: optional(instant),
  cancelRequested: optional(yesNo),
  /** How often its present step has failed for no reason that we know. */
  tried: whole(0, 1_000),
  /** Raised by each step, so that of two that take the same one only one counts. */
  turn: whole(0, 1_000_000_000),
  expiresAt: instant,
};

/** A row as it is kept. */
export type KeptRow = Received<typeof KeptRow>;
export const KeptRow = {
  ...ImportRow,
  id: text(80),
  importId: id,
  /** The first row of the same customer; none where a row does not tell whose it is. */
  unit: optional(whole(1, 2_000_000)),
  /** As they stood in the sheet; gone once they are imported. */
  cells: optional(RejectedRow.cells),
  /** The normal forms of its contact points (B08). */
  addresses: optional(personal(list(text(700), 10))),
  expiresAt: instant,
  /** Since when it does not tell any more whom it was about (B08). */
  erasedAt: optional(instant),
};

const forgotten = { key: { expiresAt: 1 }, expireAfterSeconds: 0 } as const;

export const imports = collection("imports", "imports", KeptImport, [
  { key: { dueAt: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
  { key: { createdAt: -1, _id: -1 } },
  { key: { campaignId: 1, createdAt: -1, _id: -1 } },
  { key: { createdBy: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
  forgotten,
]);

export const rows = collection("imports", "rows", KeptRow, [
  { key: { importId: 1, row: 1, _id: 1 } },
  { key: { importId: 1, outcome: 1, row: 1, _id: 1 } },
  { key: { importId: 1, unit: 1, row: 1 } },
  { key: { customerId: 1, _id: 1 }, partialFilterExpression: { customerId: { $exists: true } } },
  { key: { addresses: 1, _id: 1 }, partialFilterExpression: { addresses: { $exists: true } } },
  forgotten,
]);
