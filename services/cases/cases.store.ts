/** Where cases are kept and read; their filing by messages has a store of its own. */
import type { AnyBulkWriteOperation, Filter } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import type { Change } from "#shared/contracts/common.ts";
import { notFound } from "#shared/errors.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { write, type Cause } from "#shared/mongo/write.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import { hold } from "./merged-customers.store.ts";
import { cases, entries, type KeptCase } from "./tables.store.ts";

/** A kept case as others may see it: without what only our own queries need. */
export function caseOf(kept: Kept<KeptCase>): Case {
  const { slot: _slot, formerSlot: _formerSlot, searchWords: _searchWords, ...shown } = kept;
  return entityOf<Case>(shown);
}

/** The customer of a new case was merged at the same moment: nothing was written, look again. */
export class CustomerMerged extends Error {}

/**
 * Keeps a new case and announces it; a repeat of the command answers the first one (B01).
 * @throws CustomerMerged
 */
export function open(
  cause: Cause,
  kase: Case,
  searchWords: string[],
  changes: Change[],
): Promise<Case> {
  const { id, number, campaignId, customerId, assigneeId } = kase;
  return write("cases", cause, async (tx) => {
    const kept = keptOf<KeptCase>({ ...kase, searchWords });
    if ((await hold(customerId, tx.session)) !== customerId) throw new CustomerMerged();
    await cases.native().insertOne(kept, { session: tx.session });
    tx.announce({
      event: "cases.created",
      aggregate: { kind: "case", id, version: kase.version },
      changes,
      data: {
        id,
        number,
        campaignId,
        customerId,
        cause: "user",
        ...(assigneeId ? { assigneeId } : {}),
      },
    });
    return kase;
  });
}

/** A case number, or an id: an id is never digits alone. */
const named = (idOrNumber: string): Filter<Kept<KeptCase>> =>
  /^\d+$/.test(idOrNumber) ? { number: Number(idOrNumber) } : { _id: idOrNumber };

/**
 * A case by id or number, if it is among the visible ones.
 * @throws 404 NOT_FOUND, alike for a case that is not there and one that is not visible
 */
export async function get(idOrNumber: string, visible: Visible): Promise<Case> {
  const filter = { $and: [named(idOrNumber), visible] } as Filter<Kept<KeptCase>>;
  const kept = await cases.native().findOne(filter);
  if (!kept) throw notFound("case", idOrNumber);
  return caseOf(kept);
}

export type CustomerCopy = Pick<Case, "customerId" | "customerName" | "customerDocument">;

const batchSize = 200;

/**
 * Brings the copies of a customer that cases carry up to date, a batch at a time; twice is as once.
 * No version is raised: nobody's edit of a case is refused because its customer got a new name.
 * @param wordsOf what a case is found by, now that it carries the copy
 */
export async function copyCustomer(
  { customerId, customerName, customerDocument }: CustomerCopy,
  wordsOf: (kase: Case) => string[],
): Promise<void> {
  const outdated = [
    { customerName: { $ne: customerName } },
    { customerDocument: { $ne: customerDocument ?? null } },
  ];
  for (let after = ""; ;) {
    const batch = await cases
      .native()
      .find({ customerId, _id: { $gt: after }, $or: outdated } as Filter<Kept<KeptCase>>)
      .sort({ _id: 1 })
      .hint(entries.customer)
      .limit(batchSize)
      .toArray();
    const last = batch.at(-1);
    if (!last) return;
    const copies = batch.map((kept) => copied(caseOf(kept)));
    await cases.native().bulkWrite(copies, { ordered: false });
    after = last._id;
  }

  function copied(kase: Case): AnyBulkWriteOperation<Kept<KeptCase>> {
    const { customerDocument: _former, ...rest } = kase;
    const now = { ...rest, customerName, ...(customerDocument ? { customerDocument } : {}) };
    const set = { customerName, searchWords: wordsOf(now as Case) };
    const update = customerDocument
      ? { $set: { ...set, customerDocument } }
      : { $set: set, $unset: { customerDocument: "" as const } };
    return {
      updateOne: { filter: { _id: kase.id, customerId }, update },
    } as AnyBulkWriteOperation<Kept<KeptCase>>;
  }
}
