/** Hands rows to customers, a few hundred at a time: for a dry run, or for good (F221-F223). */
import type { Answer, Caller } from "#shared/bus.ts";
import type { ImportRecord, TakenRecord } from "#shared/contracts/customers/imports.ts";
import type { RowFault } from "#shared/contracts/imports/import.ts";
import { draftOf, type Draft, type Reading } from "./drafts.ts";
import type { KeptImport, KeptRow } from "./tables.store.ts";

/** A row that is to be taken in, with what it says. */
interface ReadRow {
  row: KeptRow;
  draft: Draft;
}

/** The rows of one customer. */
export interface Unit {
  key: number;
  rows: ReadRow[];
  /** Others of the customer's rows are rejected. */
  isPartial: boolean;
}

/** The customers of these rows, which come with those that are rejected of the same. */
export function unitsOf(rows: readonly KeptRow[], reading: Reading): Unit[] {
  const units = new Map<number, Unit>();
  for (const row of rows) {
    const key = row.unit ?? row.row;
    const unit = units.get(key) ?? { key, rows: [], isPartial: false };
    units.set(key, unit);
    const { draft } = row.outcome === "valid" ? draftOf(row.cells ?? [], reading) : {};
    if (draft) unit.rows.push({ row, draft });
    else unit.isPartial = true;
  }
  return [...units.values()].filter((unit) => unit.rows.length > 0);
}

/** What becomes of the customers and accounts of these rows; twice is as once. */
export function take(
  caller: Caller,
  { id: importId, campaignId, options }: KeptImport,
  units: readonly Unit[],
  { dryRun }: { dryRun: boolean },
): Promise<Answer<"customers.importRecords">> {
  const { replaceDuplicates, tags, deleteOtherAccounts } = options;
  return caller.call("customers.importRecords", {
    ...{ importId, campaignId, dryRun },
    options: { replaceDuplicates, tags, deleteOtherAccounts },
    records: units.map(recordOf),
  });
}

function recordOf({ key, rows, isPartial }: Unit): ImportRecord {
  const [first] = rows;
  if (!first) throw new Error("A customer of an import has no rows");
  const customer = rows.reduce(
    (all, { draft }) => ({
      ...draft.customer,
      ...all,
      contactPoints: distinct([...all.contactPoints, ...draft.customer.contactPoints]),
    }),
    first.draft.customer,
  );
  const ownerId = rows.find(({ draft }) => draft.ownerId)?.draft.ownerId;
  return {
    ...{ key, customer, isPartial },
    accounts: rows.flatMap(({ row, draft }) =>
      draft.account ? [{ row: row.row, ...draft.account }] : [],
    ),
    ...(ownerId ? { ownerId } : {}),
  };
}

const distinct = <T extends { type: string; value: string }>(points: readonly T[]): T[] => [
  ...new Map(points.map((point) => [`${point.type} ${point.value}`, point])).values(),
];

/** What a row keeps of a refusal of its customer. */
export function faultsOf({ refusal }: Pick<TakenRecord, "refusal">): RowFault[] {
  if (!refusal) return [];
  const fields = (refusal.errors ?? []) as { path?: string; message?: string; code?: string }[];
  const named = fields.slice(0, 20).map(({ path = "", message = "", code = "" }) => ({
    field: (path.split(/[.[]/)[0] ?? "").slice(0, 60) || "row",
    message: message.slice(0, 300) || "is refused",
    code: code.slice(0, 60) || refusal.code,
  }));
  if (named.length > 0) return named;
  return [{ field: "row", message: refusal.detail.slice(0, 300), code: refusal.code }];
}
