/** Cases that an import brings: kept many at a time, and each once (P6). */
import type { ClientSession, Filter } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import { TakenCase } from "#shared/contracts/cases/imports.ts";
import { id, instant, record, text, type Received } from "#shared/fields.ts";
import { collection, keptOf, type Kept } from "#shared/mongo/store.ts";
import { CustomerMerged, newRowOf } from "./cases.store.ts";
import { survivorsOf } from "./merged-customers.store.ts";
import { cases, entries, mergedCustomers, type KeptCase } from "./tables.store.ts";

/** The case of each row of an import: asked again, it is answered. */
type KeptRow = Received<typeof KeptRow>;
const KeptRow = { id: text(80), importId: id, taken: record(TakenCase), expiresAt: instant };

const rows = collection("cases", "importedRows", KeptRow, [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]);

const keptMs = 30 * 86_400_000;
const idOf = (importId: string, row: number): string => `${importId}.${String(row)}`;

/** Those of these rows whose cases were made before. */
export async function takenBefore(
  importId: string,
  places: readonly number[],
  session?: ClientSession,
): Promise<Map<number, TakenCase>> {
  const found = await rows
    .native()
    .find({ _id: { $in: places.map((row) => idOf(importId, row)) } }, session ? { session } : {})
    .toArray();
  return new Map(found.map(({ taken }) => [taken.row, taken]));
}

export async function keepTaken(
  importId: string,
  taken: readonly TakenCase[],
  at: Date,
  session: ClientSession,
): Promise<void> {
  if (taken.length === 0) return;
  const expiresAt = new Date(at.getTime() + keptMs);
  await rows.native().insertMany(
    taken.map((one) =>
      keptOf<KeptRow>({ id: idOf(importId, one.row), importId, taken: one, expiresAt }),
    ),
    { session },
  );
}

/**
 * Keeps new cases, and holds their customers as `insert` does.
 * @param wordsOf what a case is found by
 * @throws CustomerMerged where one of them was merged at the same moment
 */
export async function insertAll(
  made: readonly Case[],
  wordsOf: (kase: Case) => string[],
  session: ClientSession,
): Promise<void> {
  if (made.length === 0) return;
  const ids = [...new Set(made.map(({ customerId }) => customerId))];
  if ((await survivorsOf(ids, session)).size > 0) throw new CustomerMerged();
  const heldAt = new Date();
  await mergedCustomers.native().bulkWrite(
    ids.map((_id) => ({
      updateOne: { filter: { _id }, update: { $set: { heldAt } }, upsert: true },
    })),
    { session },
  );
  await cases.native().insertMany(
    made.map((kase) => newRowOf(kase, wordsOf(kase))),
    { session },
  );
}

/** How many open cases a campaign has that were made until then; up to `most` and one more. */
export function countOpen(
  { campaignId, until, withActivity }: { campaignId: string; until: Date; withActivity: boolean },
  most: number,
): Promise<number> {
  const open = {
    campaignId,
    status: { $in: ["new", "open", "transferred", "escalated"] },
    createdAt: { $lte: until },
    ...(withActivity ? { activityCount: { $gt: 0 } } : {}),
  } as Filter<Kept<KeptCase>>;
  return cases.native().countDocuments(open, { hint: entries.created, limit: most + 1 });
}
