/** Cases change hands: each write holds only for a case that is as it was read. */
import type { AnyBulkWriteOperation, ClientSession } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import type { Kept } from "#shared/mongo/store.ts";
import type { Tx } from "#shared/mongo/write.ts";
import type { KnownAgent } from "./agents.rules.ts";
import { caseOf } from "./cases.store.ts";
import { lineOfAgent, standingOf } from "./lines.rules.ts";
import { agents, campaigns, cases, entries, type KeptCase } from "./tables.store.ts";

/** What was read is no longer so: nothing was written, start over. */
export class Superseded extends Error {}

/** What of a case says whose it is. */
type Held = Pick<
  Case,
  "id" | "version" | "campaignId" | "assigneeId" | "channelId" | "status" | "priority"
>;

/** A case that goes from one to another, or to nobody. */
export interface Handover {
  kase: Held;
  assigneeId: string | undefined;
  how: "take" | "route" | "owner" | "release";
}

/**
 * Hands cases over and tells of it.
 * @throws Superseded where one of them is not as it was read
 */
export async function handOver(
  tx: Tx<"cases">,
  handovers: readonly Handover[],
  stamp: { at: Date; by: string },
): Promise<void> {
  if (handovers.length === 0) return;
  const operations = handovers.map((one) => handoverOf(one, stamp));
  const { matchedCount } = await cases.native().bulkWrite(operations, { session: tx.session });
  if (matchedCount < handovers.length) throw new Superseded();
  await remindAnew(handovers, stamp.at, tx.session);
  for (const { kase, assigneeId = null, how } of handovers) {
    const { id, campaignId, assigneeId: previousAssigneeId = null } = kase;
    tx.announce({
      event: "cases.assigned",
      aggregate: { kind: "case", id, version: kase.version + 1 },
      changes: [{ field: "assigneeId", old: previousAssigneeId, new: assigneeId }],
      data: { id, campaignId, assigneeId, previousAssigneeId, how },
    });
  }
}

function handoverOf(
  { kase, assigneeId }: Handover,
  { at, by }: { at: Date; by: string },
): AnyBulkWriteOperation<Kept<KeptCase>> {
  const { assigneeId: former, ...unassigned } = kase;
  const place = standingOf({ ...unassigned, ...(assigneeId ? { assigneeId } : {}) });
  const set = { ...place, version: kase.version + 1, updatedAt: at, updatedBy: by };
  return {
    updateOne: {
      filter: { _id: kase.id, version: kase.version, assigneeId: former ?? null },
      update: assigneeId
        ? { $set: { ...set, assigneeId } }
        : { $set: set, $unset: { assigneeId: "", reminderFor: "" } },
    },
  } as AnyBulkWriteOperation<Kept<KeptCase>>;
}

/** Who is given a case is reminded of its next action, whoever was reminded before (F175). */
async function remindAnew(handovers: readonly Handover[], now: Date, session: ClientSession) {
  const given = handovers.flatMap(({ kase, assigneeId }) => (assigneeId ? [kase.id] : []));
  if (given.length === 0) return;
  await cases
    .native()
    .updateMany(
      { _id: { $in: given }, nextActionAt: { $gt: now } },
      [{ $set: { reminderFor: "$nextActionAt" } }],
      { session },
    );
}

/**
 * Holds agents who are given cases, and the campaigns they are in, as they were read, until the
 * transaction ends: news of them meet that here.
 * @param turns when each agent was last given a case
 * @throws Superseded where there was news
 */
export async function holdGiven(
  read: readonly { id: string; version: number }[],
  given: readonly KnownAgent[],
  turns: ReadonlyMap<string, number>,
  session: ClientSession,
): Promise<void> {
  const holds = { $inc: { holds: 1 } };
  const inCampaigns = await campaigns.native().bulkWrite(
    read.map(({ id: _id, version }) => ({
      updateOne: { filter: { _id, version }, update: holds },
    })),
    { session },
  );
  const { matchedCount } = await agents.native().bulkWrite(
    given.map(({ id, state, since, lastAssignedAt }) => ({
      updateOne: {
        filter: { _id: id, state, since, isOut: false },
        update: { ...holds, $set: { lastAssignedAt: turns.get(id) ?? lastAssignedAt } },
      },
    })),
    { session },
  );
  const held = inCampaigns.matchedCount + matchedCount;
  if (held < read.length + given.length) throw new Superseded();
}

/** Some of the open cases of an agent, of all campaigns or one. */
export async function openCasesWith(
  userId: string,
  { campaignId, limit }: { campaignId?: string | undefined; limit: number },
  session: ClientSession,
): Promise<Case[]> {
  const found = await cases
    .native()
    .find(
      { line: lineOfAgent(userId), ...(campaignId ? { campaignId } : {}) },
      { session, hint: entries.line },
    )
    .limit(limit)
    .toArray();
  return found.map(caseOf);
}
