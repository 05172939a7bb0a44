/** The cases of a job, and what became of each (F112, F126). */
import type { ClientSession } from "mongodb";
import { BulkRow } from "#shared/contracts/cases/bulk.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { of, rows, type KeptJob, type KeptRow, type Paging } from "./bulk-tables.store.ts";

/** What a row begins with. */
export type Target = Pick<KeptRow, "caseId" | "number" | "input">;

/** Adds cases to a job, behind those that it has. */
export async function addRows(
  { id: jobId, expiresAt }: KeptJob,
  targets: readonly Target[],
  after: number,
  session: ClientSession,
): Promise<void> {
  if (targets.length === 0) return;
  const kept = targets.map((target, index) => {
    const place = after + index + 1;
    const outcome = "pending" as const;
    return keptOf<KeptRow>({
      ...{ id: `${jobId}.${String(place)}`, jobId, place, outcome, expiresAt },
      ...target,
    });
  });
  await rows.native().insertMany(kept, { session, ordered: false });
}

/** How many cases a job has by now. */
export async function lastPlace(jobId: string, session: ClientSession): Promise<number> {
  const [last] = await rows
    .native()
    .find({ jobId }, { session })
    .sort({ place: -1, _id: -1 })
    .limit(1)
    .toArray();
  return last?.place ?? 0;
}

/** The next cases of a job. */
export async function pending(jobId: string, limit: number): Promise<KeptRow[]> {
  const found = await rows
    .native()
    .find({ jobId, outcome: "pending" })
    .sort({ place: 1, _id: 1 })
    .limit(limit)
    .toArray();
  return found.map((kept) => entityOf<KeptRow>(kept));
}

type Settled = Pick<KeptRow, "id"> & Partial<KeptRow>;

/** Keeps what became of cases. */
export async function settle(settled: readonly Settled[], session: ClientSession): Promise<void> {
  if (settled.length === 0) return;
  await rows.native().bulkWrite(
    settled.map(({ id: _id, ...result }) => ({
      updateOne: { filter: { _id }, update: { $set: result, $unset: { input: "" as const } } },
    })),
    { session },
  );
}

/** What is left of a job that is cancelled; twice is as once. */
export async function skipRest(jobId: string): Promise<void> {
  await rows
    .native()
    .updateMany(
      { jobId, outcome: "pending" },
      { $set: { outcome: "skipped" }, $unset: { input: "" } },
    );
}

/** The cases of a job, in their order. */
export async function listRows(
  jobId: string,
  outcome: BulkRow["outcome"] | undefined,
  paging: Paging,
): Promise<Page<BulkRow>> {
  const page = await findPage(rows.native(), {
    ...paging,
    filter: { jobId, ...(outcome ? { outcome } : {}) },
    sort: [
      ["place", 1],
      ["_id", 1],
    ],
  });
  return { ...page, items: page.items.map(shownRow) };
}

const shownRow = (kept: Kept<KeptRow>): BulkRow => of<BulkRow>(BulkRow, kept);
