/** The cases of a person who asks for them, or is erased (B08). */
import type { Case } from "#shared/contracts/cases.ts";
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { entityOf, type Kept } from "#shared/mongo/store.ts";
import { accounts, cases, entries, KeptCase } from "./tables.store.ts";

/** The cases of these customers, newest first. */
export const ofCustomers = (
  customerIds: string[],
  paging: { limit: number; cursor?: string | undefined },
): Promise<Page<Kept<KeptCase>>> =>
  findPage(cases.native(), {
    filter: { customerId: { $in: customerIds } },
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
    hint: entries.customer,
    ...paging,
  });

/**
 * Leaves of these cases what is not personal; no version is raised. Answers how many held something.
 * @param wordsOf what a case is found by, now that it says less
 */
export async function eraseCases(
  kept: readonly Kept<KeptCase>[],
  wordsOf: (kase: Case) => string[],
): Promise<number> {
  const accountIds = kept.flatMap(({ accountId }) => accountId ?? []);
  await accounts.native().updateMany({ _id: { $in: accountIds } }, { $set: { number: "" } });
  return erasePersonal(cases, KeptCase, kept, (left) => ({
    ...left,
    searchWords: wordsOf(entityOf<KeptCase>(left)),
  }));
}
