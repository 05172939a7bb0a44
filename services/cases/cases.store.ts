/** Where cases are kept and read; their filing by messages has a store of its own. */
import { isDeepStrictEqual } from "node:util";
import type { AnyBulkWriteOperation, ClientSession, Filter } from "mongodb";
import { Case } from "#shared/contracts/cases.ts";
import { isRefusal, moved, notFound } from "#shared/errors.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import { standingOf } from "./lines.rules.ts";
import { hold } from "./merged-customers.store.ts";
import { sortKeysOf } from "./search.rules.ts";
import { cases, entries, type KeptCase } from "./tables.store.ts";

/** A kept case as others may see it: without what only our own queries need. */
export function caseOf(kept: Kept<KeptCase>): Case {
  const { slot: _slot, formerSlot: _formerSlot, searchWords: _searchWords, ...rest } = kept;
  const { line: _line, rank: _rank, active: _active, reminderFor: _reminder, ...others } = rest;
  const { sortFrom: _from, sortSubject: _subject, holds: _holds, ...shown } = others;
  return entityOf<Case>(shown);
}

/** The customer of a new case was merged at the same moment: nothing was written, look again. */
export class CustomerMerged extends Error {}

/**
 * @param searchWords what the case is found by
 * @throws CustomerMerged
 */
export async function insert(
  kase: Case,
  searchWords: string[],
  session: ClientSession,
): Promise<void> {
  const { customerId } = kase;
  if ((await hold(customerId, session)) !== customerId) throw new CustomerMerged();
  await cases.native().insertOne(newRowOf(kase, searchWords), { session });
}

/** A new case as it is kept, with what it is found by and where it stands. */
export const newRowOf = (kase: Case, searchWords: string[]): Kept<KeptCase> =>
  keptOf<KeptCase>({ ...kase, searchWords, ...sortKeysOf(kase), ...standingOf(kase) });

/** A case that was changed, with what is kept beside it. */
interface Edited {
  before: Case;
  after: Case;
  searchWords: string[];
  /** The next action to remind of from now on, null for none; left out: as before. */
  reminderFor?: Date | null;
}

/** Keeps what was changed of cases in place of what was read of them in the same transaction. */
export async function edit(edited: Edited[], session: ClientSession): Promise<void> {
  if (edited.length === 0) return;
  const operations = edited.flatMap(({ before, after, searchWords, reminderFor }) => {
    const fields = Object.keys(Case) as (keyof Case)[];
    const differing = fields.filter((field) => !isDeepStrictEqual(before[field], after[field]));
    const [emptied, said] = partition(differing, (field) => after[field] === undefined);
    const keys = sortKeysOf(after);
    const keyless = (["sortFrom", "sortSubject"] as const).filter((key) => keys[key] === undefined);
    const gone = [...emptied, ...keyless, ...(reminderFor === null ? ["reminderFor"] : [])];
    const change = {
      updateOne: {
        filter: { _id: after.id },
        update: {
          $set: {
            ...Object.fromEntries(said.map((field) => [field, after[field]])),
            ...{ searchWords, ...keys, ...standingOf(after) },
            ...(reminderFor ? { reminderFor } : {}),
          },
          ...unset(gone),
        },
      },
    };
    const ends = after.status === "closed" && before.status !== "closed" && !after.mergedInto;
    return ends ? [change, giveUpSlots(after)] : [change];
  });
  await cases.native().bulkWrite(operations, { session });
}

/**
 * A closed case gives up its place and remembers it, so that its thread's next message follows up.
 * One that was merged keeps its own, which leads messages to the survivor; when that one ends it
 * gives up those places together with its own.
 */
const giveUpSlots = ({ id, absorbed = [] }: Case): AnyBulkWriteOperation<Kept<KeptCase>> => ({
  updateMany: {
    filter: { _id: { $in: [id, ...absorbed.map((one) => one.id)] }, slot: { $exists: true } },
    update: [{ $set: { formerSlot: "$slot" } }, { $unset: "slot" }],
  },
});

const partition = <T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] => [
  all.filter(isFirst),
  all.filter((one) => !isFirst(one)),
];

const unset = (fields: readonly string[]): object =>
  fields.length > 0 ? { $unset: Object.fromEntries(fields.map((field) => [field, ""])) } : {};

/** A case number, or an id: an id is never digits alone. */
const named = (idOrNumber: string): Filter<Kept<KeptCase>> =>
  /^\d+$/.test(idOrNumber) ? { number: Number(idOrNumber) } : { _id: idOrNumber };

const isMerged = { mergedInto: { $exists: true } };

/**
 * A case by id or number, if it is among the visible ones.
 * @throws 404 NOT_FOUND, alike for a case that is not there and one that is not visible; 308 MOVED
 *   where it was merged into one that is visible (D03)
 */
export async function get(
  idOrNumber: string,
  visible: Visible,
  session?: ClientSession,
): Promise<Case> {
  const filter = { $and: [named(idOrNumber), { $or: [visible, isMerged] }] };
  const options = session ? { session } : undefined;
  const kept = await cases.native().findOne(filter as Filter<Kept<KeptCase>>, options);
  if (!kept) throw notFound("case", idOrNumber);
  if (!kept.mergedInto) return caseOf(kept);
  const survivor = { $and: [{ _id: kept.mergedInto }, visible] } as Filter<Kept<KeptCase>>;
  const isVisible = await cases.native().findOne(survivor, { ...options, projection: { _id: 1 } });
  throw isVisible ? moved("case", idOrNumber, kept.mergedInto) : notFound("case", idOrNumber);
}

/**
 * The same, where a case that was merged stands for the one that it leads to.
 * @throws 404 NOT_FOUND
 */
export async function getLedTo(
  idOrNumber: string,
  visible: Visible,
  session?: ClientSession,
): Promise<Case> {
  try {
    return await get(idOrNumber, visible, session);
  } catch (error) {
    if (!isRefusal(error) || error.type !== "MOVED") throw error;
    return get(String(error.data?.["survivorId"]), visible, session);
  }
}

/** Those of these cases that are among the readable ones, in no order. */
export async function getAmong(ids: readonly string[], readable: Visible): Promise<Case[]> {
  const filter = { $and: [{ _id: { $in: [...ids] } }, readable] } as Filter<Kept<KeptCase>>;
  return (await cases.native().find(filter).toArray()).map(caseOf);
}

const placeOfCase = { number: 1, campaignId: 1, assigneeId: 1, channelId: 1 } as const;
type FoundCase = Pick<Case, "id" | keyof typeof placeOfCase>;

/** Those of these cases that are among the readable ones, in no order. */
export async function findReadable(
  ids: readonly string[],
  readable: Visible,
): Promise<FoundCase[]> {
  const filter = { $and: [{ _id: { $in: ids } }, readable] } as Filter<Kept<KeptCase>>;
  const found = await cases.native().find(filter).project<Kept<FoundCase>>(placeOfCase).toArray();
  return found.map((one) => entityOf<FoundCase>(one));
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
