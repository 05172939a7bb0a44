/** So that what is kept about a case meets a merge of it: one of the two starts over (P7). */
import type { ClientSession } from "mongodb";
import { notFound } from "#shared/errors.ts";
import { cases } from "./tables.store.ts";

/**
 * Holds a case until the transaction ends, for whoever keeps something about it elsewhere than in
 * the case itself; no version is raised.
 * @throws 404 NOT_FOUND where it was merged into another since it was read
 */
export async function holdCase(id: string, session: ClientSession): Promise<void> {
  const { matchedCount } = await cases
    .native()
    .updateOne({ _id: id, mergedInto: { $exists: false } }, { $inc: { holds: 1 } }, { session });
  if (matchedCount === 0) throw notFound("case", id);
}
