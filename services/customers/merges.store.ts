/** Where merges are kept: what became of a customer that went, and whom its id leads to (D03). */
import type { ClientSession } from "mongodb";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { Identity, Merge } from "#shared/contracts/customers/merge.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { contactKeys, customers, merges, type KeptMerge } from "./tables.store.ts";

/** Who stands for a customer that was merged; undefined for one that was not. */
export async function survivorOf(id: string, session?: ClientSession): Promise<string | undefined> {
  const found = await merges
    .native()
    .findOne({ absorbedId: id }, { projection: { into: 1 }, ...(session ? { session } : {}) });
  return found?.into;
}

/** Who stands for the merged customer that had this document. */
export async function survivorWithDocument(
  documentKey: string,
  session: ClientSession,
): Promise<string | undefined> {
  const found = await merges
    .native()
    .findOne({ documentKey }, { session, projection: { into: 1 } });
  return found?.into;
}

/** What became of those of these customers that were merged, by their ids. */
export async function mergesOf(
  ids: readonly string[],
  session?: ClientSession,
): Promise<Map<string, KeptMerge>> {
  if (ids.length === 0) return new Map();
  const found = await merges
    .native()
    .find({ absorbedId: { $in: [...ids] } }, session ? { session } : {})
    .toArray();
  return new Map(found.map((row) => [row.absorbedId, entityOf<KeptMerge>(row)]));
}

/** How many customers have been merged into these, however indirectly. */
export const countInto = (ids: string[], session?: ClientSession): Promise<number> =>
  merges.native().countDocuments({ into: { $in: ids } }, session ? { session } : {});

/**
 * The switch: the absorbed goes and its tombstone stays, its addresses are the survivor's from now
 * on, and who was merged into it before leads to the survivor. The survivor itself is kept by the
 * caller in the same transaction, so that of two merges of one customer the second starts over.
 */
export async function absorb(merge: KeptMerge, session: ClientSession): Promise<void> {
  const { absorbedId, into } = merge;
  const { deletedCount } = await customers.native().deleteOne({ _id: absorbedId }, { session });
  if (deletedCount !== 1) throw new Error("The customer to absorb is gone");
  await contactKeys
    .native()
    .updateMany({ customerId: absorbedId }, { $set: { customerId: into } }, { session });
  await merges.native().updateMany({ into: absorbedId }, { $set: { into } }, { session });
  if (merge.casesWith) {
    await merges
      .native()
      .updateMany({ casesWith: absorbedId }, { $set: { casesWith: into } }, { session });
  }
  await merges.native().insertOne(keptOf<KeptMerge>(merge), { session });
}

/** Notes that a service carries the survivor's id; once all do, the merge is done. */
export async function arrived(
  mergeId: string,
  service: string,
  { cases, at }: { cases?: number | undefined; at: Date },
  session: ClientSession,
): Promise<void> {
  await merges.native().updateOne(
    { _id: mergeId },
    {
      $pull: { waiting: service },
      ...(cases === undefined ? {} : { $set: { "counts.cases": cases } }),
    },
    { session },
  );
  await merges
    .native()
    .updateOne(
      { _id: mergeId, state: "moving", waiting: { $size: 0 } },
      { $set: { state: "done", doneAt: at } },
      { session },
    );
}

/** The merges that led to a customer, newest first. */
export async function listInto(
  id: string,
  paging: { limit: number; cursor?: string; count?: boolean },
): Promise<Page<Merge>> {
  const page = await findPage(merges.native(), {
    filter: { into: id },
    sort: [["_id", -1]],
    ...paging,
  });
  return { ...page, items: page.items.map(shownMerge) };
}

/** Where these ids lead, for those who keep them elsewhere; unknown ones are left out. */
export async function identify(ids: readonly string[]): Promise<Identity[]> {
  const gone = await mergesOf(ids);
  const rest = ids.filter((id) => !gone.has(id));
  const there = new Set(await customers.native().distinct("_id", { _id: { $in: rest } }));
  const known = ids.filter((id) => gone.has(id) || there.has(id));
  const homes = new Map(known.map((id) => [id, gone.get(id)?.casesWith ?? id]));
  const sharing = await sharersOf([...new Set(homes.values())]);
  return known.map((id) => {
    const casesWith = homes.get(id) ?? id;
    const survivorId = gone.get(id)?.into ?? id;
    return { id, survivorId, casesWith, sharing: [casesWith, ...(sharing.get(casesWith) ?? [])] };
  });
}

/** Who is merged into these customers with the cases, by them. */
async function sharersOf(ids: string[]): Promise<Map<string, string[]>> {
  const found = await merges
    .native()
    .find({ casesWith: { $in: ids } })
    .project<{ absorbedId: string; casesWith: string }>({ absorbedId: 1, casesWith: 1 })
    .toArray();
  return grouped(found);
}

/** The same for merges under way only, for the hot path: their index is all but empty. */
export async function movingInto(ids: string[]): Promise<Map<string, string[]>> {
  const found = await merges
    .native()
    .find({ casesWith: { $in: ids }, state: "moving" })
    .project<{ absorbedId: string; casesWith: string }>({ absorbedId: 1, casesWith: 1 })
    .toArray();
  return grouped(found);
}

const grouped = (rows: { absorbedId: string; casesWith: string }[]): Map<string, string[]> =>
  rows.reduce(
    (all, { absorbedId, casesWith }) =>
      all.set(casesWith, [...(all.get(casesWith) ?? []), absorbedId]),
    new Map<string, string[]>(),
  );

/** A merge as others may see it. */
function shownMerge(kept: Kept<KeptMerge>): Merge {
  const {
    into: _into,
    casesWith: _casesWith,
    waiting: _waiting,
    absorbed: _absorbed,
    documentKey: _documentKey,
    ...merge
  } = kept;
  return entityOf<Merge>(merge);
}

/** What a merged customer was, with who stands for it. */
export interface Gone {
  customer: Customer;
  mergedInto: string;
}

export const goneAmong = async (ids: readonly string[]): Promise<Gone[]> =>
  [...(await mergesOf(ids)).values()].map(({ absorbed, into }) => ({
    customer: absorbed,
    mergedInto: into,
  }));
