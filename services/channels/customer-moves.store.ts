/** Where messages get another customer. */
import type { ClientSession } from "mongodb";
import { interactions } from "./tables.store.ts";

/** All messages of these customers become that one's; twice is as once. */
export async function moveMessages({ from, to }: { from: string[]; to: string }): Promise<void> {
  if (from.length === 0) return;
  await interactions
    .native()
    .updateMany({ customerId: { $in: from } }, { $set: { customerId: to } });
}

/** How many of a case's messages are settled up to this `seq`. */
export const countUpTo = (caseId: string, upTo: number, session: ClientSession): Promise<number> =>
  interactions.native().countDocuments({ caseId, seq: { $lte: upTo } }, { session });

/** The case's messages up to this `seq` become the customer's; answers how many were another's. */
export async function moveConversation(
  { caseId, customerId, upTo }: { caseId: string; customerId: string; upTo: number },
  session: ClientSession,
): Promise<number> {
  const { modifiedCount } = await interactions
    .native()
    .updateMany({ caseId, seq: { $lte: upTo } }, { $set: { customerId } }, { session });
  return modifiedCount;
}
