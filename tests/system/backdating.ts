/** Lets closed cases of a running system have been closed long ago. */
import { MongoClient } from "mongodb";
import type { System } from "./system.ts";

/** All closed cases of a campaign, or these. */
export async function closeLongAgo(
  { environment: { MONGODB_URL, NAMESPACE } }: Pick<System, "environment">,
  which: { campaignId: string } | { caseIds: readonly string[] },
  days: number,
): Promise<number> {
  const client = await MongoClient.connect(String(MONGODB_URL));
  const cases = client.db(`${String(NAMESPACE)}_cases`).collection<{ _id: string }>("cases");
  const closedAt = new Date(Date.now() - days * 86_400_000);
  const found = "campaignId" in which ? which : { _id: { $in: [...which.caseIds] } };
  const filter = { ...found, closedAt: { $exists: true } };
  const { modifiedCount } = await cases.updateMany(filter, { $set: { closedAt } });
  await client.close();
  return modifiedCount;
}
