/** Where it is kept what cases hold of their campaign's tabs (F203). */
import type { ClientSession } from "mongodb";
import { KeptTabValues } from "#shared/contracts/cases/tabs.ts";
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";

export const tabValues = collection("cases", "tabValues", KeptTabValues, [
  { key: { caseId: 1, tabId: 1 }, unique: true },
  { key: { caseId: 1, _id: -1 } },
]);

export async function find(
  caseId: string,
  tabId: string,
  session?: ClientSession,
): Promise<KeptTabValues | undefined> {
  const found = await tabValues.native().findOne({ caseId, tabId }, session ? { session } : {});
  return found ? entityOf<KeptTabValues>(found) : undefined;
}

/** More than a campaign has tabs: those that were removed are kept, too. */
const mostOfCase = 200;

/** What a case holds, by tab. */
export async function ofCase(caseId: string): Promise<Map<string, KeptTabValues>> {
  const found = await tabValues.native().find({ caseId }).limit(mostOfCase).toArray();
  return new Map(found.map((one) => [one.tabId, entityOf<KeptTabValues>(one)]));
}

/** Keeps values in place of what was read of them in the same transaction. */
export async function keep(values: KeptTabValues, session: ClientSession): Promise<void> {
  const { _id, ...rest } = keptOf<KeptTabValues>(values);
  await tabValues.native().replaceOne({ _id }, rest, { session, upsert: true });
}

/**
 * Moves what one case holds to another, in the transaction that merges them; of a tab of which the
 * other has values already, its own stay. Answers how many have moved.
 */
export async function moveToCase(
  fromCaseId: string,
  toCaseId: string,
  session: ClientSession,
): Promise<number> {
  const there = await tabValues.native().distinct("tabId", { caseId: toCaseId }, { session });
  const { modifiedCount } = await tabValues
    .native()
    .updateMany(
      { caseId: fromCaseId, tabId: { $nin: there } },
      { $set: { caseId: toCaseId } },
      { session },
    );
  return modifiedCount;
}

/** Leaves of these that there was something; answers how many held it. */
export const eraseValues = (kept: readonly Kept<KeptTabValues>[]): Promise<number> =>
  erasePersonal(tabValues, KeptTabValues, kept);
