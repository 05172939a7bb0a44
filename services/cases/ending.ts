/** The end of a case: it is closed, everybody leaves it, and its place is free (F109, D01). */
import type { Case } from "#shared/contracts/cases.ts";
import type { Tx } from "#shared/mongo/write.ts";
import { edit } from "./cases.store.ts";
import { giveUpPlaces } from "./ending.store.ts";
import { leaveClosed } from "./presence.ts";
import { searchWordsOf } from "./search.rules.ts";

/**
 * Keeps a case that has ended, in the transaction that decided it; whoever decided it tells of it.
 * One that was merged keeps its place, which leads messages to the case that it was merged into;
 * when that one ends, it gives up those places together with its own.
 * @param after closed, with its version raised
 */
export async function endCase(tx: Tx<"cases">, before: Case, after: Case): Promise<void> {
  await edit([{ before, after, searchWords: searchWordsOf(after) }], tx.session);
  await leaveClosed(tx, after.id);
  if (after.mergedInto) return;
  const absorbedIds = (after.absorbed ?? []).map(({ id }) => id);
  await giveUpPlaces([after.id, ...absorbedIds], tx.session);
}
