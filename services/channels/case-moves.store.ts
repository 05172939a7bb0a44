/** Where the conversations of merged cases become one. */
import type { AnyBulkWriteOperation, ClientSession } from "mongodb";
import type { Joining } from "#shared/contracts/cases/merge.ts";
import { id, instant, list, oneOf, optional, type Received } from "#shared/fields.ts";
import { collection, type Kept } from "#shared/mongo/store.ts";
import { joinedOrder, type Placed } from "./joining.rules.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

type Side = "survivor" | "absorbed";

/** A case that was merged, by its id; for ever, since what is told of it may come late. */
type CaseMove = Received<typeof CaseMove>;
const CaseMove = {
  id,
  into: id,
  /** Up to where the events of both cases have been taken in. */
  heard: list(oneOf<Side>("survivor", "absorbed"), 2),
  movedAt: optional(instant),
};

const caseMoves = collection("channels", "caseMoves", CaseMove, []);

/** Notes that all that was told before of one of the two has been taken in; answers whether both. */
export async function hear(
  { absorbedId, survivorId }: { absorbedId: string; survivorId: string },
  side: Side,
  session: ClientSession,
): Promise<boolean> {
  const update = { $set: { into: survivorId }, $addToSet: { heard: side } };
  const options = { session, upsert: true, returnDocument: "after" } as const;
  const kept = await caseMoves.native().findOneAndUpdate({ _id: absorbedId }, update, options);
  return kept?.heard.length === 2;
}

/** Whether a case's interactions are in the conversation of the case that it was merged into. */
export const wasMoved = async (caseId: string, session: ClientSession): Promise<boolean> =>
  Boolean(
    await caseMoves.native().findOne({ _id: caseId, movedAt: { $exists: true } }, { session }),
  );

/** The two conversations as one moment shows them, as far as they have been settled. */
export async function bothOf(
  survivorId: string,
  { absorbedId, survivorCount }: Pick<Joining, "absorbedId" | "survivorCount">,
  session: ClientSession,
) {
  const find = (filter: object) =>
    interactions
      .native()
      .find(filter, { session, projection: { seq: 1, at: 1, channelId: 1 } })
      .map(({ _id, seq = 0, at, channelId }) => ({ id: _id, seq, at, channelId }))
      .toArray();
  return {
    survivor: await find({ caseId: survivorId, seq: { $lte: survivorCount } }),
    absorbed: await find({ caseId: absorbedId }),
  };
}

/**
 * Gives the interactions of both cases their places in one conversation; answers whether all of
 * them were settled: otherwise nothing was done.
 */
export async function join(
  survivorId: string,
  joining: Joining,
  at: Date,
  session: ClientSession,
): Promise<boolean> {
  const { absorbedId, survivorCount, absorbedCount, survivorNumber } = joining;
  const { survivor, absorbed } = await bothOf(survivorId, joining, session);
  if (survivor.length < survivorCount || absorbed.length < absorbedCount) return false;
  const isTheirs = new Set(absorbed.map((one) => one.id));
  const order = joinedOrder(survivor, absorbed, joining);
  // from the end, so that each goes to a place that is free by then
  const own = order.filter(({ one, seq }) => !isTheirs.has(one.id) && one.seq !== seq).reverse();
  const theirs = order.filter(({ one }) => isTheirs.has(one.id));
  const named = { caseId: survivorId, caseNumber: survivorNumber };
  const operations = [
    ...own.map((one) => placing(one)),
    ...theirs.map((one) => placing(one, named)),
  ];
  if (operations.length > 0) await interactions.native().bulkWrite(operations, { session });
  await caseMoves.native().updateOne({ _id: absorbedId }, { $set: { movedAt: at } }, { session });
  return true;
}

const placing = (
  { one: { id: _id }, seq }: { one: Placed; seq: number },
  more: Partial<KeptInteraction> = {},
): AnyBulkWriteOperation<Kept<KeptInteraction>> => ({
  updateOne: { filter: { _id }, update: { $set: { ...more, seq } } },
});
