/** What cases knows of merged customers: so that no case is kept for one that went (P7). */
import type { ClientSession } from "mongodb";
import type { Identity } from "#shared/contracts/customers/merge.ts";
import { database } from "#shared/mongo/connection.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { mergedCustomers } from "./tables.store.ts";

/** Who stands for those of these customers of whose merge we have heard, by their ids. */
export async function survivorsOf(
  ids: readonly string[],
  session: ClientSession,
): Promise<Map<string, string>> {
  const found = await mergedCustomers
    .native()
    .find({ _id: { $in: [...new Set(ids)] }, into: { $exists: true } }, { session })
    .toArray();
  return new Map(found.map(({ _id, into }) => [_id, String(into)]));
}

/**
 * Who stands for a customer now, itself where it was not merged; written down, so that a merge that
 * commits at the same moment meets this transaction, and one of the two starts over. For writes
 * that put a customer on a case, other than by messages.
 */
export async function hold(id: string, session: ClientSession): Promise<string> {
  const survivorId = (await survivorsOf([id], session)).get(id);
  if (survivorId) return hold(survivorId, session);
  await mergedCustomers
    .native()
    .updateOne({ _id: id }, { $set: { heldAt: new Date() } }, { session, upsert: true });
  return id;
}

/** Takes a merge down: first, so that every case which is kept from now on is the survivor's. */
export async function takeDown(identity: Identity): Promise<void> {
  const { id: absorbedId, survivorId, casesWith, sharing } = identity;
  const rows = [absorbedId, ...sharing.filter((id) => id !== absorbedId && id !== casesWith)];
  const operations = rows.map((id) => ({
    updateOne: {
      filter: { _id: id },
      update: {
        $set: {
          ...(id === absorbedId ? { into: survivorId } : {}),
          ...(id === casesWith ? {} : { casesWith }),
        },
        $unset: { heldAt: "" as const },
      },
      upsert: true,
    },
  }));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mergedCustomers.native().bulkWrite(operations, { ordered: false });
      break;
    } catch (error) {
      if (!isDuplicate(error) || attempt === 5) throw error; // another upsert was there first
    }
  }
  await mergedCustomers.native().updateMany({ into: absorbedId }, { $set: { into: survivorId } });
}

/** Counts cases that a merge has moved, in the transaction that moves them. */
export async function countMoved(absorbedId: string, moved: number, session: ClientSession) {
  await mergedCustomers.native().updateOne({ _id: absorbedId }, { $inc: { moved } }, { session });
}

export const movedOf = async (absorbedId: string): Promise<number> =>
  (await mergedCustomers.native().findOne({ _id: absorbedId }))?.moved ?? 0;

/**
 * Runs a reading of cases as of one moment, with the ids under which cases of these customers may
 * be found at that moment: what is moved meanwhile is seen wholly before or wholly after (P7).
 */
export async function asOfOneMoment<T>(
  ids: readonly string[],
  read: (allIds: string[], session: ClientSession) => Promise<T>,
): Promise<T> {
  const session = database("cases").getClient().startSession({ snapshot: true });
  try {
    const found = await mergedCustomers
      .native()
      .find({ casesWith: { $in: [...ids] } }, { session })
      .toArray();
    return await read([...new Set([...ids, ...found.map(({ _id }) => _id)])], session);
  } finally {
    await session.endSession();
  }
}
