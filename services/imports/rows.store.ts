/** The rows of imports, and what became of each (D25). */
import type { ClientSession } from "mongodb";
import { ImportRow, type RejectedRow } from "#shared/contracts/imports/import.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { keptOf, entityOf, type Kept } from "#shared/mongo/store.ts";
import { rows, type KeptRow } from "./tables.store.ts";

interface Paging {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

/** Keeps rows as they were read. */
export async function add(
  importId: string,
  read: readonly { number: number; cells: string[] }[],
  expiresAt: Date,
): Promise<void> {
  if (read.length === 0) return;
  const kept = read.map(({ number: row, cells }) =>
    keptOf<KeptRow>({
      ...{ id: `${importId}-${String(row)}`, importId, row, outcome: "pending", cells, expiresAt },
    }),
  );
  await rows.native().insertMany(kept, { ordered: false });
}

/** Takes away what an upload that was refused had kept. */
export async function removeAll(importId: string): Promise<void> {
  await rows.native().deleteMany({ importId });
}

/** All rows of an import in their order, some at a time. */
export async function* all(importId: string, atOnce: number): AsyncGenerator<KeptRow[]> {
  for (let after = 0; ;) {
    const found = await rows
      .native()
      .find({ importId, row: { $gt: after } })
      .sort({ row: 1 })
      .limit(atOnce)
      .toArray();
    if (found.length === 0) return;
    yield found.map((kept) => entityOf<KeptRow>(kept));
    after = found.at(-1)?.row ?? after;
  }
}

/**
 * The rows of the next customers, those of each together: what is yet to be imported, and what is
 * rejected of the same customers.
 * @param after the last unit that is done with
 */
export async function nextUnits(
  importId: string,
  after: number,
  limit: number,
): Promise<KeptRow[]> {
  const first = await rows
    .native()
    .find({ importId, unit: { $gt: after }, outcome: "valid" })
    .sort({ unit: 1, row: 1 })
    .limit(limit)
    .project<{ unit: number }>({ unit: 1 })
    .toArray();
  const units = [...new Set(first.map(({ unit }) => unit))];
  if (units.length === 0) return [];
  const found = await rows
    .native()
    .find({ importId, unit: { $in: units }, outcome: { $in: ["valid", "rejected"] } })
    .sort({ unit: 1, row: 1 })
    .toArray();
  return found.map((kept) => entityOf<KeptRow>(kept));
}

type Settled = Pick<KeptRow, "id" | "outcome"> & Partial<KeptRow>;

/** What a check says of rows, in place of what one before said; what is done stays. */
export async function judge(judged: readonly Settled[]): Promise<void> {
  if (judged.length === 0) return;
  await rows.native().bulkWrite(
    judged.map(({ id: _id, ...result }) => ({
      updateOne: {
        filter: { _id, outcome: { $in: ["pending", "valid", "rejected"] } },
        update: {
          $set: result,
          $unset: Object.fromEntries(
            (["errors", "unit", "customerId", "addresses"] as const)
              .filter((name) => result[name] === undefined)
              .map((name) => [name, ""]),
          ),
        },
      },
    })),
    { ordered: false },
  );
}

/** What became of rows that were imported, or refused in the end. */
export async function settle(settled: readonly Settled[], session?: ClientSession): Promise<void> {
  if (settled.length === 0) return;
  await rows.native().bulkWrite(
    settled.map(({ id: _id, ...result }) => ({
      updateOne: {
        filter: { _id },
        update: {
          $set: result,
          ...(result.outcome === "done"
            ? { $unset: { cells: "" as const, addresses: "" as const } }
            : {}),
        },
      },
    })),
    session ? { session } : {},
  );
}

/** What is left of an import that is cancelled; twice is as once. */
export async function cancelRest(importId: string): Promise<void> {
  await rows
    .native()
    .updateMany(
      { importId, outcome: { $in: ["pending", "valid"] } },
      { $set: { outcome: "cancelled" }, $unset: { cells: "", addresses: "" } },
    );
}

/** The rows of an import, in their order. */
export async function list(
  importId: string,
  outcome: ImportRow["outcome"] | undefined,
  paging: Paging,
): Promise<Page<ImportRow>> {
  const page = await inOrder(importId, outcome, paging);
  return { ...page, items: page.items.map(shown) };
}

const shown = (kept: Kept<KeptRow>): ImportRow =>
  Object.fromEntries(
    Object.entries(kept).filter(([name]) => Object.hasOwn(ImportRow, name)),
  ) as unknown as ImportRow;

/** The rejected rows as they stood in the sheet. */
export async function listRejected(importId: string, paging: Paging): Promise<Page<RejectedRow>> {
  const page = await inOrder(importId, "rejected", paging);
  return {
    ...page,
    items: page.items.map(({ row, cells = [], errors = [] }) => ({ row, cells, errors })),
  };
}

const inOrder = (importId: string, outcome: ImportRow["outcome"] | undefined, paging: Paging) =>
  findPage(rows.native(), {
    ...paging,
    filter: { importId, ...(outcome ? { outcome } : {}) },
    sort: [
      ["row", 1],
      ["_id", 1],
    ],
  });
