/** The files of a person who asks for them, or is erased (B08). */
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { entries, files, KeptFile, removeContent } from "./files.store.ts";

/** The files of these customers, newest first. */
export const ofCustomers = (
  customerIds: string[],
  paging: { limit: number; cursor?: string | undefined },
): Promise<Page<Kept<KeptFile>>> =>
  findPage(files.native(), {
    filter: { customerId: { $in: customerIds } },
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
    hint: entries.customer,
    ...paging,
  });

/** The files of these cases, newest first. */
export const ofCases = (
  caseIds: string[],
  paging: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<Kept<KeptFile>>> =>
  findPage(files.native(), {
    filter: { caseId: { $in: caseIds } },
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
    hint: entries.case,
    ...paging,
  });

/** Removes the bytes and what is personal beside them; answers how many still held something. */
export async function eraseFiles(kept: Kept<KeptFile>[]): Promise<number> {
  for (const { _id } of kept) await removeContent(_id);
  return erasePersonal(files, KeptFile, kept, (left) => ({
    ...left,
    deletedAt: left.deletedAt ?? new Date(),
  }));
}
