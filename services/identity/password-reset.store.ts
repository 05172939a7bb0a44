/** Where the tokens of password resets are kept: their digests only, until they run out. */
import type { ClientSession } from "mongodb";
import { id, instant, whole, type Received } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

type Reset = Omit<Received<typeof Reset>, "id">;
const Reset = {
  id,
  userId: id,
  /** The user's epoch when it was asked for: another password since makes it worthless. */
  epoch: whole(1, 1_000_000_000),
  expiresAt: instant,
};

const resets = collection("identity", "passwordResets", Reset, [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]);

export const add = (digest: string, reset: Reset) =>
  resets.native().insertOne({ _id: digest, ...reset });

/** A reset that can still be used. */
export const find = (digest: string, now: Date): Promise<Reset | null> =>
  resets.native().findOne({ _id: digest, expiresAt: { $gt: now } });

/** Uses a reset up; of many who try at once, one does. */
export async function use(digest: string, now: Date, session: ClientSession): Promise<boolean> {
  const { deletedCount } = await resets
    .native()
    .deleteOne({ _id: digest, expiresAt: { $gt: now } }, { session });
  return deletedCount > 0;
}
