/** Whose turn it is to send which e-mail, so that none is sent twice (P5). */
import type { ClientSession } from "mongodb";
import { entityOf } from "#shared/mongo/store.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { outgoing, type Outgoing } from "./outgoing.store.ts";
import { interactions } from "./tables.store.ts";

/** Takes the next e-mail that is due. */
export async function take(claim: string, now: Date): Promise<Outgoing | undefined> {
  const row = await outgoing.native().findOneAndUpdate(
    { by: "mail", state: "queued", nextAt: { $lte: now } },
    {
      $set: { state: "sending", claim, claimedAt: now },
      $inc: { attempts: 1 },
      $unset: { handedOverAt: "" },
    },
    { sort: { nextAt: 1 }, returnDocument: "after" },
  );
  return row ? entityOf<Outgoing>(row) : undefined;
}

/** Notes that the server is about to get the content; false where the turn has passed to others. */
export const handOver = (id: string, claim: string, now: Date): Promise<boolean> =>
  transaction("channels", async (session) => {
    const { matchedCount } = await outgoing
      .native()
      .updateOne(
        { _id: id, claim, state: "sending" },
        { $set: { handedOverAt: now } },
        { session },
      );
    if (matchedCount === 0) return false;
    await interactions
      .native()
      .updateOne({ _id: id, state: "queued" }, { $set: { state: "sending" } }, { session });
    return true;
  });

/** Whether it is still this one's turn. */
export const isMine = async (id: string, claim: string, session: ClientSession): Promise<boolean> =>
  (await outgoing.native().countDocuments({ _id: id, claim, state: "sending" }, { session })) > 0;

/** Whether it is still where it was taken before a moment. */
export const isStuck = async (id: string, before: Date, session: ClientSession): Promise<boolean> =>
  (await outgoing.native().countDocuments({ _id: id, claimedAt: { $lte: before } }, { session })) >
  0;

/** Puts off an e-mail that the server has not taken, with what it said. */
export async function putOff(
  id: string,
  { nextAt, failure }: { nextAt: Date; failure: string },
  session: ClientSession,
): Promise<void> {
  await outgoing
    .native()
    .updateOne(
      { _id: id },
      { $set: { state: "queued", nextAt }, $unset: { claim: "", handedOverAt: "" } },
      { session },
    );
  await interactions
    .native()
    .updateOne({ _id: id }, { $set: { state: "queued", failure } }, { session });
}

/** Makes due again what was taken before a moment, but not handed over, by a process that is no more. */
export async function release(before: Date, now: Date): Promise<void> {
  await outgoing.native().updateMany(
    {
      by: "mail",
      state: "sending",
      claimedAt: { $lte: before },
      handedOverAt: { $exists: false },
    },
    { $set: { state: "queued", nextAt: now }, $unset: { claim: "" } },
  );
}

/** What was taken before a moment and handed over by then: nobody knows what became of it. */
export async function handedOver(before: Date, limit: number): Promise<string[]> {
  const rows = await outgoing
    .native()
    .find({
      by: "mail",
      state: "sending",
      claimedAt: { $lte: before },
      handedOverAt: { $exists: true },
    })
    .limit(limit)
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return rows.map(({ _id }) => _id);
}
