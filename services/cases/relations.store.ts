/** Where the relations between cases are kept; a deleted one stays as a tombstone (D16). */
import type { ClientSession, Filter } from "mongodb";
import { CaseRelation } from "#shared/contracts/cases/relations.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { id, instant, list, optional, text, type Received } from "#shared/fields.ts";
import type { Page } from "#shared/mongo/pages.ts";
import { findSifted } from "#shared/mongo/sifted-pages.ts";
import { collection, keptOf, type Kept } from "#shared/mongo/store.ts";
import { joined, pairKeyOf, type Joined } from "./relations.rules.ts";

type KeptRelation = Received<typeof KeptRelation>;
const KeptRelation = {
  ...CaseRelation,
  caseIds: list(id, 2),
  /** Of a relation that is there; unique. */
  pairKey: optional(text(140)),
  deletedAt: optional(instant),
  deletedBy: optional(id),
};

const relations = collection("cases", "relations", KeptRelation, [
  { key: { pairKey: 1 }, unique: true, partialFilterExpression: { pairKey: { $exists: true } } },
  {
    key: { caseIds: 1, _id: 1 },
    partialFilterExpression: { pairKey: { $exists: true } },
  },
]);

const live = { pairKey: { $exists: true } } satisfies Filter<Kept<KeptRelation>>;

function relationOf(kept: Kept<KeptRelation>): CaseRelation {
  const { _id, caseId, relatedCaseId, createdAt, createdBy } = kept;
  return { id: _id, caseId, relatedCaseId, createdAt, createdBy };
}

const keptWithPair = (relation: CaseRelation): Kept<KeptRelation> =>
  keptOf<KeptRelation>({
    ...relation,
    caseIds: [relation.caseId, relation.relatedCaseId],
    pairKey: pairKeyOf(relation),
  });

/** @throws 409 RELATION_EXISTS with `existingId` where the two are related, from whichever side */
export async function insert(relation: CaseRelation, session: ClientSession): Promise<void> {
  const pairKey = pairKeyOf(relation);
  const there = await relations.native().findOne({ pairKey }, { session, projection: { _id: 1 } });
  if (there) {
    const data = { existingId: there._id };
    throw conflict("RELATION_EXISTS", "The two cases are related already", data);
  }
  await relations.native().insertOne(keptWithPair(relation), { session });
}

export const countOf = (caseId: string, session: ClientSession): Promise<number> =>
  relations.native().countDocuments({ caseIds: caseId, ...live }, { session });

/**
 * A page of a case's relations, from both sides, in the order they were added.
 * @param show answers what is shown of each, undefined for one whose other case may not be read
 */
export const page = <R>(
  caseId: string,
  paging: { limit: number; cursor?: string | undefined },
  show: (found: CaseRelation[]) => Promise<(R | undefined)[]>,
): Promise<Page<R>> =>
  findSifted(
    relations.native(),
    { filter: { caseIds: caseId, ...live }, sort: [["_id", 1]], ...paging },
    (rows) => show(rows.map(relationOf)),
  );

/** @throws 404 NOT_FOUND, also for a deleted one and for one of two other cases */
export async function get(
  { caseId, relationId }: { caseId: string; relationId: string },
  session: ClientSession,
): Promise<CaseRelation> {
  const filter = { _id: relationId, caseIds: caseId, ...live };
  const found = await relations.native().findOne(filter, { session });
  if (!found) throw notFound("relation", relationId);
  return relationOf(found);
}

/** Ends relations: neither case has them any more. */
export async function bury(
  ended: readonly CaseRelation[],
  { at, by }: { at: Date; by: string },
  session: ClientSession,
): Promise<void> {
  if (ended.length === 0) return;
  const _id = { $in: ended.map((one) => one.id) };
  const update = { $set: { deletedAt: at, deletedBy: by }, $unset: { pairKey: "" as const } };
  await relations.native().updateMany({ _id }, update, { session });
}

/** What would become of a case's relations if it were merged into another. */
export async function joinedInto(
  survivorId: string,
  absorbedId: string,
  session: ClientSession,
): Promise<Joined> {
  const [absorbed, survivor] = [await allOf(absorbedId, session), await allOf(survivorId, session)];
  return joined(absorbed, survivor, { absorbedId, survivorId });
}

/** All relations of a case: no more than it may have. */
async function allOf(caseId: string, session: ClientSession): Promise<CaseRelation[]> {
  const found = await relations
    .native()
    .find({ caseIds: caseId, ...live }, { session })
    .sort({ _id: 1 })
    .toArray();
  return found.map(relationOf);
}

/** Keeps relations that have another case now. */
export async function keepMoved(moved: readonly CaseRelation[], session: ClientSession) {
  if (moved.length === 0) return;
  await relations.native().bulkWrite(
    moved.map((one) => {
      const { _id, ...replacement } = keptWithPair(one);
      return { replaceOne: { filter: { _id }, replacement } };
    }),
    { session },
  );
}
