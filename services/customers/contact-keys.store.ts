/**
 * Whose the messages from an address are, as contact points come and go. A key has one owner, the
 * first customer to have it; when the owner gives it up, the one who has had it longest of those
 * who are left becomes it, and without any the next sender makes a new customer (P2, F023).
 */
import type { ClientSession } from "mongodb";
import { contactKeys, customers } from "./tables.store.ts";

/**
 * Moves a customer from the keys of its contact points before a change to those after it. Every
 * move writes the key, so that of two who move on the same key at once one waits for the other
 * and sees what it did: else a key could go to a customer who is just giving it up.
 */
export async function moveKeys(
  customerId: string,
  { before, after }: { before: readonly string[]; after: readonly string[] },
  session: ClientSession,
): Promise<void> {
  const gained = after.filter((key) => !before.includes(key));
  const lost = before.filter((key) => !after.includes(key));
  await claimAll([{ customerId, keys: gained }], session);
  for (const key of lost) await release(customerId, key, session);
}

/** Claims the keys that customers gain, those of the first ones first. */
export async function claimAll(
  claims: readonly { customerId: string; keys: readonly string[] }[],
  session: ClientSession,
): Promise<void> {
  const operations = claims.flatMap(({ customerId, keys }) =>
    keys.map((key) => ({
      updateOne: {
        filter: { _id: key },
        update: { $setOnInsert: { customerId }, $inc: { moves: 1 } },
        upsert: true,
      },
    })),
  );
  if (operations.length > 0) await contactKeys.native().bulkWrite(operations, { session });
}

async function release(customerId: string, key: string, session: ClientSession): Promise<void> {
  const owned = await contactKeys
    .native()
    .findOneAndUpdate({ _id: key }, { $inc: { moves: 1 } }, { session });
  if (owned?.customerId !== customerId) return;
  const heir = await customers
    .native()
    .findOne(
      { contactKeys: key, _id: { $ne: customerId } },
      { session, sort: { _id: 1 }, projection: { _id: 1 } },
    );
  await (heir
    ? contactKeys.native().updateOne({ _id: key }, { $set: { customerId: heir._id } }, { session })
    : contactKeys.native().deleteOne({ _id: key }, { session }));
}
