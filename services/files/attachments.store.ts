/** Lists of files, newest first: of a case, and of a customer as far as the cases may be read. */
import type { ClientSession, Filter } from "mongodb";
import { findPage, longestMs, type Page } from "#shared/mongo/pages.ts";
import { findSifted } from "#shared/mongo/sifted-pages.ts";
import { entityOf, type Kept } from "#shared/mongo/store.ts";
import { entries, files, type KeptFile } from "./files.store.ts";

const newestFirst = [
  ["createdAt", -1],
  ["_id", -1],
] as const;

/** Deleted ones are not listed. */
const there: Filter<Kept<KeptFile>> = { deletedAt: null } as never;

/** A file that is in a case. */
export type FileOfCase = KeptFile & { caseId: string };

const fileOf = (kept: Kept<KeptFile>) => entityOf<KeptFile>(kept) as FileOfCase;

interface Paging {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

export async function listOfCase(caseId: string, paging: Paging): Promise<Page<FileOfCase>> {
  const page = await findPage(files.native(), {
    filter: { caseId, ...there },
    sort: newestFirst,
    hint: entries.case,
    ...paging,
  });
  return { ...page, items: page.items.map(fileOf) };
}

/** The files of a customer: the one place that knows what makes one theirs. */
const ofCustomer = (ids: readonly string[]): Filter<Kept<KeptFile>> => ({
  customerId: { $in: [...ids] },
});

/** @param show answers what is shown of each file, undefined for one that may not be read */
export const listOfCustomer = <R>(
  ids: readonly string[],
  paging: Omit<Paging, "count">,
  show: (files: FileOfCase[]) => Promise<(R | undefined)[]>,
): Promise<Page<R>> =>
  findSifted(
    files.native(),
    {
      filter: { ...ofCustomer(ids), ...there },
      sort: newestFirst,
      hint: entries.customer,
      ...paging,
    },
    (rows) => show(rows.map(fileOf)),
  );

/** How many files users have attached to a case, and their bytes. */
export async function usedBy(caseId: string): Promise<{ count: number; bytes: number }> {
  const sums = { _id: null, count: { $sum: 1 }, bytes: { $sum: "$size" } };
  const [used] = await files
    .native()
    .aggregate<{ count: number; bytes: number }>(
      [{ $match: { caseId, ownerKind: "case", ...there } }, { $group: sums }],
      { hint: entries.case, maxTimeMS: longestMs },
    )
    .toArray();
  return used ?? { count: 0, bytes: 0 };
}

/** All files of a case are of that one from then on, whoever brought them; twice is as once. */
export async function moveToCase(from: string, to: string, session: ClientSession): Promise<void> {
  const attached = { caseId: from, ownerKind: "case", ownerId: from };
  await files.native().updateMany(attached, { $set: { ownerId: to } }, { session });
  await files.native().updateMany({ caseId: from }, { $set: { caseId: to } }, { session });
}
