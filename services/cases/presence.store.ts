/** Where it is kept who is in which case (D11, B13). */
import type { ClientSession, Filter } from "mongodb";
import { longestMs } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { agentOfLine, lineOfAgent } from "./lines.rules.ts";
import type { Visitor } from "./presence.rules.ts";
import { cases, entries, visitors, type KeptCase } from "./tables.store.ts";

export async function find(userId: string, session?: ClientSession): Promise<Visitor | undefined> {
  const row = await visitors.native().findOne({ _id: userId }, session ? { session } : {});
  return row ? entityOf<Visitor>(row) : undefined;
}

/** Keeps visitors in place of what was read of them in the same transaction. */
export async function keep(changed: readonly Visitor[], session: ClientSession): Promise<void> {
  if (changed.length === 0) return;
  await visitors.native().bulkWrite(
    changed.map((one) => ({
      replaceOne: { filter: { _id: one.id }, replacement: keptOf(one), upsert: true },
    })),
    { session },
  );
}

/** Who is in a case, some of them where they are too many. */
export async function inCase(
  caseId: string,
  limit: number,
  session?: ClientSession,
): Promise<Visitor[]> {
  const rows = await visitors
    .native()
    .find({ "entries.caseId": caseId }, session ? { session } : {})
    .limit(limit)
    .toArray();
  return rows.map((row) => entityOf<Visitor>(row));
}

/** How many cases that are not closed each of these users has, of these campaigns or of all. */
export async function workloads(
  userIds: readonly string[],
  campaignIds: readonly string[] | undefined,
): Promise<{ userId: string; openCases: number }[]> {
  if (userIds.length === 0) return [];
  const filter = {
    line: { $in: userIds.map(lineOfAgent) },
    ...(campaignIds ? { campaignId: { $in: [...campaignIds] } } : {}),
  } as Filter<Kept<KeptCase>>;
  const rows = cases.native().aggregate<{
    _id: string;
    count: number;
  }>([{ $match: filter }, { $group: { _id: "$line", count: { $sum: 1 } } }], { hint: entries.line, maxTimeMS: longestMs });
  return (await rows.toArray()).map(({ _id, count }) => ({
    userId: agentOfLine(_id),
    openCases: count,
  }));
}
