/** The rows about a person who asks for them, or is erased (B08). */
import type { Subject } from "#shared/contracts/privacy.ts";
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { KeptRow, rows } from "./tables.store.ts";

/** Those of these customers, and those that name one of the addresses. */
export const rowsOf = (
  { customerIds, addresses }: Subject,
  paging: { limit: number; cursor?: string | undefined },
): Promise<Page<Kept<KeptRow>>> =>
  findPage(rows.native(), {
    filter: {
      $or: [{ customerId: { $in: customerIds } }, { addresses: { $in: addresses } }],
    },
    sort: [["_id", 1]],
    ...paging,
  });

/**
 * Leaves of these rows what is not personal; one that was to be imported is not any more. Answers how
 * many held something.
 */
export async function eraseRows(kept: readonly Kept<KeptRow>[]): Promise<number> {
  const ids = kept.map(({ _id }) => _id);
  await rows
    .native()
    .updateMany(
      { _id: { $in: ids }, outcome: { $in: ["pending", "valid"] } },
      { $set: { outcome: "cancelled" } },
    );
  // found by its customer, so that it is the same page again
  return erasePersonal(rows, KeptRow, kept, ({ outcome, ...left }) => ({
    ...left,
    outcome: outcome === "pending" || outcome === "valid" ? "cancelled" : outcome,
  }));
}
