/** Closed cases whose time is over, and what is left of one without its content (B08). */
import type { ClientSession, Filter } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { entityOf, type Kept } from "#shared/mongo/store.ts";
import { withoutPersonal } from "#shared/personal.rules.ts";
import { caseOf } from "./cases.store.ts";
import { saying } from "./notes.store.ts";
import { cases, entries, KeptCase } from "./tables.store.ts";

/** A closed case with those that were merged into it: their content is its own (P7). */
export interface Family {
  id: string;
  number: number;
  closedAt: Date;
  caseIds: string[];
  customerIds: string[];
}

/** Where a walk through closed cases is: the oldest come first. */
export interface Walked {
  closedAt: Date;
  id: string;
}

/**
 * The next of a campaign's cases that were closed before then and have their content.
 * @param after the last one of those before
 */
export async function nextClosed(
  {
    campaignId,
    closedBefore,
    after,
  }: { campaignId: string; closedBefore: Date; after?: Walked | undefined },
  limit: number,
): Promise<Family[]> {
  const beyond = after && [
    { closedAt: { $gt: after.closedAt } },
    { closedAt: after.closedAt, _id: { $gt: after.id } },
  ];
  const found = await cases
    .native()
    .find({
      ...{ campaignId, contentRemovedAt: null, mergedInto: { $exists: false } },
      closedAt: { $lt: closedBefore, ...(after ? { $gte: after.closedAt } : {}) },
      ...(beyond ? { $or: beyond } : {}),
    } as unknown as Filter<Kept<KeptCase>>)
    .sort({ closedAt: 1, _id: 1 })
    .hint(entries.retention)
    .limit(limit)
    .toArray();
  return familiesOf(found.map(caseOf));
}

/** The same cases again, as they are now. */
export const familiesAmong = async (ids: readonly string[]): Promise<Family[]> =>
  familiesOf(
    (
      await cases
        .native()
        .find({ _id: { $in: [...ids] } })
        .toArray()
    ).map(caseOf),
  );

async function familiesOf(kept: readonly Case[]): Promise<Family[]> {
  const absorbedIds = kept.flatMap(({ absorbed = [] }) => absorbed.map(({ id }) => id));
  const absorbed = await cases
    .native()
    .find({ _id: { $in: absorbedIds } }, { projection: { customerId: 1 } })
    .toArray();
  const customerOf = new Map(absorbed.map(({ _id, customerId }) => [_id, customerId]));
  return kept.flatMap(({ id, number, closedAt, customerId, absorbed: gone = [] }) => {
    if (!closedAt) return [];
    const formerIds = gone.map((one) => one.id);
    const customers = formerIds.flatMap((one) => customerOf.get(one) ?? []);
    return [
      {
        ...{ id, number, closedAt, caseIds: [id, ...formerIds] },
        customerIds: [...new Set([customerId, ...customers])],
      },
    ];
  });
}

/** Cases by their ids. */
export const these = (
  caseIds: string[],
  paging: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<Kept<KeptCase>>> =>
  findPage(cases.native(), { filter: { _id: { $in: caseIds } }, sort: [["_id", 1]], ...paging });

/** What a case keeps of its customer is the customer's, and stays as long as that does. */
const copies = ["customerName", "customerDocument", "accountNumber"] as const;

/**
 * Takes the content out of those of these cases that have any, for good: nothing is added to them
 * from then on. One on which somebody has written a note meanwhile keeps it until the next time.
 * @param wordsOf what a case is found by, now that it says less
 */
export async function empty(
  ids: readonly string[],
  { at, wordsOf }: { at: Date; wordsOf: (kase: Case) => string[] },
  session: ClientSession,
): Promise<Case[]> {
  const filter = { _id: { $in: [...ids] }, contentRemovedAt: null } as unknown as Filter<
    Kept<KeptCase>
  >;
  const found = await cases.native().find(filter, { session }).toArray();
  const noted = await saying(ids, session);
  const left = found.filter(({ _id }) => !noted.has(_id)).map((kept) => leftOf(kept, at));
  if (left.length === 0) return [];
  await cases.native().bulkWrite(
    left.map((kept) => {
      const { _id, ...rest } = kept;
      const replacement = { ...rest, searchWords: wordsOf(entityOf<KeptCase>(kept)) };
      return { replaceOne: { filter: { _id }, replacement } };
    }),
    { session },
  );
  return left.map(caseOf);
}

function leftOf(kept: Kept<KeptCase>, at: Date): Kept<KeptCase> {
  const copied = copies.flatMap((name) => (kept[name] === undefined ? [] : [[name, kept[name]]]));
  return {
    ...withoutPersonal(KeptCase, kept),
    ...(Object.fromEntries(copied) as Partial<KeptCase>),
    version: kept.version + 1,
    contentRemovedAt: at,
  };
}
