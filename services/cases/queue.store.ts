/** The lines of cases: who waits in a campaign's queue, and what each agent has. All by one index. */
import type { Filter } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import { findPage, longestMs, type Page, type SortKey } from "#shared/mongo/pages.ts";
import { findInParts, type Part } from "#shared/mongo/parts.ts";
import { entityOf, type Kept } from "#shared/mongo/store.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import { caseOf } from "./cases.store.ts";
import {
  agentOfLine,
  awaitingRank,
  lineOfAgent,
  linesOfQueue,
  queueOfLine,
} from "./lines.rules.ts";
import { cases, entries, unread, type KeptCase } from "./tables.store.ts";

/** The order of every line: priority, then the oldest (D14). */
const order: readonly SortKey[] = [
  ["rank", 1],
  ["createdAt", 1],
  ["_id", 1],
];

const within = ({ from, to }: { from: string; to: string }) => ({ line: { $gte: from, $lt: to } });

/** All but those in which the customer's answer is awaited. */
const waiting = { rank: { $lt: awaitingRank } };

/** The lines of all queues in which somebody waits. */
export async function waitingLines(): Promise<string[]> {
  const found = await cases.native().distinct("line", within(linesOfQueue()));
  return found.filter((line) => typeof line === "string");
}

/** MongoDB merges no more lines than this without sorting all who wait in them. */
const mostLines = 200;

/** What routing reads of a case that waits. */
const waitingFields = [
  ...["campaignId", "customerId", "channelId", "status", "priority", "version"],
  ...["rank", "createdAt"], // what the list is sorted by
] as const;
export type WaitingCase = Pick<
  Case,
  "id" | "campaignId" | "customerId" | "channelId" | "status" | "priority" | "version"
>;

/** Those who wait in some lines to be given to somebody, first come first. */
export async function firstOf(
  lines: readonly string[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<WaitingCase>> {
  const page = await findPage(cases.native(), {
    filter: { line: { $in: lines.slice(0, mostLines) }, ...waiting },
    sort: order,
    limit,
    cursor,
    hint: entries.line,
    fields: waitingFields,
  });
  return { ...page, items: page.items.map((one) => entityOf<KeptCase>(one)) };
}

/** How many open cases each of these agents has; who has none is left out. */
export async function openCasesOf(userIds: readonly string[]): Promise<Map<string, number>> {
  const found = await cases
    .native()
    .aggregate<{ _id: string; count: number }>(
      [
        { $match: { line: { $in: userIds.map(lineOfAgent) } } },
        { $group: { _id: "$line", count: { $sum: 1 } } },
      ],
      { hint: entries.line, maxTimeMS: longestMs },
    )
    .toArray();
  return new Map(found.map(({ _id, count }) => [agentOfLine(_id), count]));
}

/** The same by the channel that they came through; "" for those made by hand. */
export async function openCasesByChannel(
  userIds: readonly string[],
): Promise<{ userId: string; channelId: string; count: number }[]> {
  const found = await cases
    .native()
    .aggregate<{ _id: { line: string; channelId?: string }; count: number }>(
      [
        { $match: { line: { $in: userIds.map(lineOfAgent) } } },
        { $group: { _id: { line: "$line", channelId: "$channelId" }, count: { $sum: 1 } } },
      ],
      { hint: entries.line, maxTimeMS: longestMs },
    )
    .toArray();
  return found.map(({ _id: { line, channelId = "" }, count }) => ({
    userId: agentOfLine(line),
    channelId,
    count,
  }));
}

/**
 * The open cases of an agent that are among the visible ones: those whose next action was due when
 * the list was begun, then the others, both as `order` says (D14). The agenda moves them by itself.
 */
export async function pendingOf(
  userId: string,
  visible: Visible,
  { count, ...paging }: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<Case>> {
  const own = { line: lineOfAgent(userId) };
  const part =
    (nextActionAt: object, hint: string): Part<Kept<KeptCase>> =>
    (place) =>
      findPage(cases.native(), {
        ...place,
        filter: { $and: [own, { nextActionAt }, visible] },
        sort: order,
        hint,
        without: unread,
      });
  const { items, nextCursor } = await findInParts(
    (begun) => [
      part({ $lte: begun }, entries.agenda),
      part({ $not: { $lte: begun } }, entries.line),
    ],
    paging,
  );
  return { items: items.map(caseOf), nextCursor, ...(count ? { total: await total() } : {}) };

  function total(): Promise<number> {
    const filter = { $and: [own, visible] } as Filter<Kept<KeptCase>>;
    return cases.native().countDocuments(filter, { hint: entries.line, maxTimeMS: longestMs });
  }
}

export interface WaitingLine {
  channelId?: string;
  count: number;
  oldestAt: Date;
}

/** Who waits in a campaign's queue, by channel; the longest line first. */
export async function waitingIn(campaignId: string): Promise<WaitingLine[]> {
  const found = await cases
    .native()
    .aggregate<{ _id: string; count: number; oldestAt: Date }>(
      [
        { $match: { ...within(linesOfQueue(campaignId)), ...waiting } },
        { $group: { _id: "$line", count: { $sum: 1 }, oldestAt: { $min: "$createdAt" } } },
        { $sort: { count: -1, _id: 1 } },
        { $limit: 500 },
      ],
      { hint: entries.line, maxTimeMS: longestMs },
    )
    .toArray();
  return found.map(({ _id, count, oldestAt }) => {
    const { channelId } = queueOfLine(_id);
    return { count, oldestAt, ...(channelId ? { channelId } : {}) };
  });
}
