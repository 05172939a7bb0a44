/**
 * Where a case stands in line: in its campaign's queue for its channel, or before the one who has
 * it; closed, in a line apart. One field says which, so that one index serves the queue, the pending
 * list, the count of what each agent has, and the lists of what an agent sees. Pure.
 */
import type { Case } from "#shared/contracts/cases.ts";

/** What of a case decides where it stands. */
type Standing = Pick<Case, "status" | "priority" | "campaignId" | "assigneeId" | "channelId"> &
  Partial<Heard>;

/** Left out for a case that somebody gives back: it waits for the next one, whoever spoke last. */
type Heard = Pick<Case, "interactionCount" | "lastCustomerUpdateAt">;

/** A case's place in line: of one line by rank, then the oldest first (D14). */
export interface Place {
  line: string;
  rank: number;
  /** Whether it is not closed (D12). */
  active: boolean;
}

export const ranks: Record<Case["priority"], number> = { high: 1, medium: 2, low: 3 };

/** Behind all others: nobody is given a case in which there is nothing to do yet (F059). */
export const awaitingRank = 4;

export const isAwaitingRank = (rank: number): boolean => rank === awaitingRank;

/**
 * Whether a case was opened by what the company sent or called, is nobody's, and nobody has acted on
 * it: there is nothing to do before the customer answers.
 */
const awaitsCustomer = ({
  status,
  assigneeId,
  interactionCount = 0,
  lastCustomerUpdateAt,
}: Standing): boolean =>
  status === "new" && !assigneeId && interactionCount > 0 && lastCustomerUpdateAt === undefined;

/** The cases of one agent. */
export const lineOfAgent = (userId: string): string => `user|${userId}`;

/** The cases of a campaign that nobody has, of one channel or made by hand. */
export const lineOfQueue = (campaignId: string, channelId?: string): string =>
  `queue|${campaignId}|${channelId ?? ""}`;

/** All lines of a campaign's queue, or of every campaign's: from, and up to without. */
export const linesOfQueue = (campaignId?: string): { from: string; to: string } =>
  campaignId === undefined
    ? { from: "queue|", to: "queue}" } // the character after "|"
    : { from: `queue|${campaignId}|`, to: `queue|${campaignId}}` };

/** Whose line it is. */
export const agentOfLine = (line: string): string => line.split("|")[1] ?? "";

export function queueOfLine(line: string): { campaignId: string; channelId?: string } {
  const [, campaignId = "", channelId] = line.split("|");
  return { campaignId, ...(channelId ? { channelId } : {}) };
}

/** The line of the closed ones of a line. */
export const closedLine = (line: string): string => `closed|${line}`;

export function standingOf(kase: Standing): Place {
  const { status, priority, campaignId, assigneeId, channelId } = kase;
  const active = status !== "closed";
  const line = assigneeId ? lineOfAgent(assigneeId) : lineOfQueue(campaignId, channelId);
  const rank = awaitsCustomer(kase) ? awaitingRank : ranks[priority];
  return { line: active ? line : closedLine(line), rank, active };
}
