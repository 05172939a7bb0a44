/** The interactions of one customer over all its cases: read, counted, and their deleted files. */
import type { ClientSession, Filter } from "mongodb";
import type { Page } from "#shared/mongo/pages.ts";
import { longestMs } from "#shared/mongo/pages.ts";
import { findSifted } from "#shared/mongo/sifted-pages.ts";
import { entityOf, type Kept } from "#shared/mongo/store.ts";
import { customerIndex, interactions, type KeptInteraction } from "./tables.store.ts";

type Row = Kept<KeptInteraction>;

/** The interactions of a customer: the one place that knows what makes one theirs. */
const ofCustomer = (ids: readonly string[]): Filter<Row> => ({ customerId: { $in: [...ids] } });

const latestFirst = [
  ["at", -1],
  ["_id", -1],
] as const;

/**
 * A page of those of a customer's interactions whose cases may be read, latest first. First only
 * looked at, and then read: what is not shown may be long.
 * @param readableAmong answers those of the cases that may be read
 */
export async function listOfCustomer(
  { ids, ...paging }: { ids: string[]; limit: number; cursor?: string | undefined },
  readableAmong: (caseIds: string[]) => Promise<ReadonlySet<string>>,
): Promise<Page<KeptInteraction>> {
  const request = {
    filter: ofCustomer(ids),
    sort: latestFirst,
    hint: customerIndex,
    fields: ["at", "caseId"],
    ...paging,
  };
  const { items, nextCursor } = await findSifted(interactions.native(), request, async (rows) => {
    const readable = await readableAmong(rows.flatMap(({ caseId }) => caseId ?? []));
    return rows.map(({ _id, caseId }) => (readable.has(caseId ?? "") ? _id : undefined));
  });
  const found = await interactions
    .native()
    .find({ _id: { $in: items } })
    .toArray();
  const byId = new Map(found.map((row) => [row._id, entityOf<KeptInteraction>(row)]));
  return { items: items.flatMap((one) => byId.get(one) ?? []), nextCursor };
}

/** More than a customer has; who has more is counted as far as this. */
const mostCounted = 10_000;

export interface CountRequest {
  customerId: string;
  formerIds?: string[] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** The interactions of one case on one channel. */
export interface CountedGroup {
  caseId: string;
  channelId: string;
  inbound: number;
  outbound: number;
  lastAt: Date;
  /** Null where there is none. */
  lastInboundAt: Date | null;
  lastSuccessAt: Date | null;
}

const isInbound = { $eq: ["$direction", "inbound"] };
const wasRead = { $gt: ["$readAt", null] };
const one = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } });
const latest = (condition: object) => ({ $max: { $cond: [condition, "$at", null] } });

/** What a customer's latest interactions amount to, by case and channel, and whether those are all. */
export async function countByCase({
  customerId,
  formerIds = [],
  from,
  to,
}: CountRequest): Promise<{ groups: CountedGroup[]; isComplete: boolean }> {
  const within = { ...(from && { $gte: from }), ...(to && { $lte: to }) };
  const range = from || to ? [{ at: within }] : [];
  const groups = await interactions
    .native()
    .aggregate<CountedGroup>(
      [
        { $match: { $and: [ofCustomer([customerId, ...formerIds]), ...range] } },
        { $sort: Object.fromEntries(latestFirst) },
        { $limit: mostCounted + 1 },
        {
          $group: {
            _id: { caseId: "$caseId", channelId: "$channelId" },
            inbound: one(isInbound),
            outbound: one({ $not: [isInbound] }),
            lastAt: { $max: "$at" },
            lastInboundAt: latest(isInbound),
            lastSuccessAt: latest({ $or: [isInbound, wasRead] }),
          },
        },
        { $set: { caseId: "$_id.caseId", channelId: "$_id.channelId" } },
      ],
      { hint: customerIndex, maxTimeMS: longestMs },
    )
    .toArray();
  const total = groups.reduce((sum, { inbound, outbound }) => sum + inbound + outbound, 0);
  return { groups, isComplete: total <= mostCounted };
}

interface Deleted {
  id: string;
  deletedAt: Date;
  deletedBy: string;
}

/** The same for a file of a case, wherever it was sent with a message. */
export async function markDeletedInCase(
  caseId: string,
  { id, deletedAt, deletedBy }: Deleted,
  session: ClientSession,
): Promise<void> {
  await interactions
    .native()
    .updateMany(
      { caseId, seq: { $gt: 0 }, "attachments.id": id },
      { $set: { "attachments.$.deletedAt": deletedAt, "attachments.$.deletedBy": deletedBy } },
      { session },
    );
}

/** Says of an interaction's attachment that its file was deleted; the same twice is as once. */
export async function markDeleted(
  interactionId: string,
  { id, deletedAt, deletedBy }: Deleted,
  session: ClientSession,
): Promise<void> {
  await interactions
    .native()
    .updateOne(
      { _id: interactionId, "attachments.id": id },
      { $set: { "attachments.$.deletedAt": deletedAt, "attachments.$.deletedBy": deletedBy } },
      { session },
    );
}
