/** Where the relations of customers are kept; a deleted one stays as a tombstone (D16). */
import type { ClientSession, Filter } from "mongodb";
import type { CustomerRelation } from "#shared/contracts/customers/relations.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { findPage } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { relations, type KeptRelation } from "./tables.store.ts";

const live = { pairKey: { $exists: true } } satisfies Filter<Kept<KeptRelation>>;

/** @throws 404 NOT_FOUND, also for a deleted one and for one of two other customers */
export async function get(
  { customerId, relationId }: { customerId: string; relationId: string },
  session?: ClientSession,
): Promise<CustomerRelation> {
  const filter = { _id: relationId, customerIds: customerId, ...live };
  const found = await relations.native().findOne(filter, session ? { session } : undefined);
  if (!found) throw notFound("relation", relationId);
  return relationOf(found);
}

/** @throws 409 RELATION_EXISTS with `existingId` where the two are related, from whichever side */
export async function insert(
  relation: CustomerRelation,
  pairKey: string,
  session: ClientSession,
): Promise<void> {
  const there = await relations.native().findOne({ pairKey }, { session, projection: { _id: 1 } });
  if (there) {
    throw conflict("RELATION_EXISTS", "The two customers are related already", {
      existingId: there._id,
    });
  }
  await relations.native().insertOne(keptWith(relation, pairKey), { session });
}

/** Keeps relations in place of what was read of them in the same transaction. */
export async function replaceAll(
  changed: { relation: CustomerRelation; pairKey: string }[],
  session: ClientSession,
): Promise<void> {
  if (changed.length === 0) return;
  const operations = changed.map(({ relation, pairKey }) => {
    const { _id, ...replacement } = keptWith(relation, pairKey);
    return { replaceOne: { filter: { _id }, replacement } };
  });
  await relations.native().bulkWrite(operations, { session });
}

/** Keeps the last versions of relations as tombstones: neither customer has them any more. */
export async function bury(ended: CustomerRelation[], session: ClientSession): Promise<void> {
  if (ended.length === 0) return;
  const operations = ended.map(({ id, version, updatedAt, updatedBy }) => {
    const by = updatedBy ? { updatedBy, deletedBy: updatedBy } : {};
    const $set = { version, updatedAt, deletedAt: updatedAt, ...by };
    return {
      updateOne: { filter: { _id: id }, update: { $set, $unset: { pairKey: "" as const } } },
    };
  });
  await relations.native().bulkWrite(operations, { session });
}

/**
 * A page of a customer's relations from both sides, in the order they were added.
 * @throws 422 at `cursor` for a cursor of another list
 */
export async function list(
  customerId: string,
  paging: { limit: number; cursor?: string; count?: boolean },
) {
  const page = await findPage(relations.native(), {
    filter: { customerIds: customerId, ...live },
    sort: [["_id", 1]],
    ...paging,
  });
  return { ...page, items: page.items.map(relationOf) };
}

/** All relations of a customer: no more than it may have. */
export async function allOf(
  customerId: string,
  session: ClientSession,
): Promise<CustomerRelation[]> {
  const found = await relations
    .native()
    .find({ customerIds: customerId, ...live }, { session })
    .sort({ _id: 1 })
    .toArray();
  return found.map(relationOf);
}

export const countOf = (customerId: string, session: ClientSession): Promise<number> =>
  relations.native().countDocuments({ customerIds: customerId, ...live }, { session });

const keptWith = (relation: CustomerRelation, pairKey: string): Kept<KeptRelation> =>
  keptOf<KeptRelation>({
    ...relation,
    pairKey,
    customerIds: [relation.sourceCustomerId, relation.targetCustomerId],
  });

/** A relation as others may see it. */
export function relationOf(kept: Kept<KeptRelation>): CustomerRelation {
  const {
    pairKey: _pairKey,
    customerIds: _customerIds,
    deletedAt: _deletedAt,
    deletedBy: _deletedBy,
    erasedAt: _erasedAt,
    ...relation
  } = kept;
  return entityOf<CustomerRelation>(relation);
}
