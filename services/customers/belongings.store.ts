/** What belongs to a customer in collections of its own, deleted ones included, and its erasure (B08). */
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import {
  accounts,
  KeptAccount,
  KeptRelation,
  relations,
  removedContactPoints,
} from "./tables.store.ts";

interface Paging {
  limit: number;
  cursor?: string | undefined;
}

const sort = [["_id", 1]] as const;

export const accountsOf = (customerIds: string[], paging: Paging) =>
  findPage(accounts.native(), { filter: { customerId: { $in: customerIds } }, sort, ...paging });

export const relationsOf = (customerIds: string[], paging: Paging) =>
  findPage(relations.native(), { filter: { customerIds: { $in: customerIds } }, sort, ...paging });

export const removedPointsOf = (customerIds: string[], paging: Paging) =>
  findPage(removedContactPoints.native(), {
    filter: { customerId: { $in: customerIds } },
    sort,
    ...paging,
  });

export const eraseFromAccounts = (kept: Kept<KeptAccount>[]): Promise<number> =>
  erasePersonal(accounts, KeptAccount, kept);

export const eraseFromRelations = (kept: Kept<KeptRelation>[]): Promise<number> =>
  erasePersonal(relations, KeptRelation, kept);

/** These go wholly; answers how many there were. */
export async function eraseRemovedPoints(points: { _id: string }[]): Promise<number> {
  const ids = points.map(({ _id }) => _id);
  const { deletedCount } = await removedContactPoints.native().deleteMany({ _id: { $in: ids } });
  return deletedCount;
}
