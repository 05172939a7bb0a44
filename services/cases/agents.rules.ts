/** What routing remembers of agents and campaigns, and when their work goes back (B10). Pure. */
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { AgentState } from "./routing.rules.ts";

/** An agent as identity told of one. */
export interface KnownAgent {
  id: string;
  state: AgentState;
  since: Date;
  /** Disabled, or no agent any more. */
  isOut: boolean;
  /** The version of the user that told so. */
  userVersion: number;
  /** When the open cases go back to the queue, unless something comes between. */
  releaseAt?: Date;
  /** When the queue last gave a case: milliseconds, 0 for never. */
  lastAssignedAt: number;
}

const unknown = (id: string): KnownAgent => ({
  id,
  state: "offline",
  since: new Date(0),
  isOut: false,
  userVersion: 0,
  lastAssignedAt: 0,
});

/**
 * An agent in another state. Who is offline has the grace time to come back before the work goes
 * to others; news older than what is known changes nothing.
 */
export function inState(
  known: KnownAgent | undefined,
  { userId, state, since }: { userId: string; state: AgentState; since: Date },
  graceMs: number,
): KnownAgent {
  const before = known ?? unknown(userId);
  if (since < before.since) return before;
  const { releaseAt: _former, ...rest } = before;
  const due = dueIn(known, { state, since }, graceMs);
  return { ...rest, state, since, ...(due ? { releaseAt: due } : {}) };
}

/** When the work goes back once an agent is in a state: the first time that was set holds. */
function dueIn(
  known: KnownAgent | undefined,
  { state, since }: { state: AgentState; since: Date },
  graceMs: number,
): Date | undefined {
  const isGone = state === "offline";
  if (known?.releaseAt && (known.isOut || isGone)) return known.releaseAt;
  return isGone && known?.state !== "offline" ? new Date(since.getTime() + graceMs) : undefined;
}

/** An agent who was disabled or got another role, whose work goes back at once, or is back. */
export function asUser(
  known: KnownAgent | undefined,
  { id, version, isOut }: { id: string; version: number; isOut: boolean },
  now: Date,
): KnownAgent {
  const before = known ?? unknown(id);
  if (version <= before.userVersion) return before;
  const leaves = isOut && !before.isOut;
  return { ...before, isOut, userVersion: version, ...(leaves ? { releaseAt: now } : {}) };
}

/** A campaign as routing needs it. */
export type KnownCampaign = Pick<
  Campaign,
  "id" | "version" | "enabled" | "routingStrategy" | "options" | "agents"
> & {
  /** Who was taken off it, and whose cases there have yet to go back to the queue. */
  leaving: string[];
};

/** Agents who were registered in the call queue of another campaign, and are not any more (F208). */
export interface Unlinked {
  campaignId: string;
  userIds: string[];
}

/** Whom a change of a campaign takes off the call queues that it was linked to. */
export function unlinkedBy(before: KnownCampaign | undefined, after: KnownCampaign): Unlinked[] {
  if (!before?.enabled) return [];
  const links = after.enabled ? after.options.linkedCallQueues : [];
  const stay = new Set(after.agents.map(({ userId }) => userId));
  return before.options.linkedCallQueues
    .map((campaignId) => ({
      campaignId,
      userIds: before.agents
        .map(({ userId }) => userId)
        .filter((userId) => !links.includes(campaignId) || !stay.has(userId)),
    }))
    .filter(({ userIds }) => userIds.length > 0);
}

/** A campaign as it is now; who is no longer in it leaves. Older news changes nothing. */
export function asCampaign(known: KnownCampaign | undefined, now: Campaign): KnownCampaign {
  if (known && known.version >= now.version) return known;
  const { id, version, enabled, routingStrategy, options, agents } = now;
  const stay = new Set(agents.map(({ userId }) => userId));
  const former = [...(known?.leaving ?? []), ...(known?.agents ?? []).map(({ userId }) => userId)];
  const leaving = [...new Set(former)].filter((userId) => !stay.has(userId));
  return { id, version, enabled, routingStrategy, options, agents, leaving };
}
