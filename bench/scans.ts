/** Whether MongoDB reads a whole collection to answer something, as its own profiler tells. */
import type { Db } from "mongodb";

interface Question {
  what: string;
  ask: () => Promise<unknown>;
}

/**
 * @param collection the only one that counts, where others may be read as wholes
 * @throws where the question makes MongoDB read a whole collection, naming the question
 */
export async function refuseScans(
  db: Db,
  { what, ask }: Question,
  collection?: string,
): Promise<void> {
  await db.command({ profile: 2 });
  await ask().catch(() => undefined); // whether it takes too long is measured elsewhere
  await db.command({ profile: 0 });
  const profile = db.collection("system.profile");
  const ns = collection === undefined ? {} : { ns: `${db.databaseName}.${collection}` };
  const scans = await profile.find({ planSummary: /COLLSCAN/, ...ns }).toArray();
  await profile.drop();
  if (scans.length === 0) return;
  const told = scans.map((scan) => `${String(scan["ns"])} ${JSON.stringify(scan["command"])}`);
  throw new Error(`${what} reads a whole collection: ${told.join(", ")}`);
}
