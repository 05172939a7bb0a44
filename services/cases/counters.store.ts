/** How many cases a user sees behind each filter, each counted as far as a badge shows it. */
import { mostCounted } from "#shared/contracts/cases/lists.ts";
import { statuses } from "#shared/contracts/cases/status.ts";
import { longestMs } from "#shared/mongo/pages.ts";
import type { Narrowed } from "./lists-filters.store.ts";
import { leadsOf, walkOf, type ListSight, type Placed } from "./lists-ways.store.ts";
import { filtersOf } from "./lists-lookups.store.ts";
import { campaignsIn } from "./lists.store.ts";
import { cases } from "./tables.store.ts";

interface Counter {
  count: number;
  isExact: boolean;
}

const priorities = ["high", "medium", "low"] as const;

/** @param now when next actions are due */
export async function countersIn(
  asked: { campaignId?: string[] },
  sight: ListSight & { userId: string },
  now: Date,
) {
  const campaigns = await campaignsIn(asked, sight);
  const count = (filter: Narrowed) => countUpTo({ ...filter, campaigns }, sight);
  const active = { state: "active" as const };
  const [byStatus, byPriority, mine, unassigned, flagged, due] = await Promise.all([
    Promise.all(
      statuses.map(async (status) => ({ status, ...(await count({ status: [status] })) })),
    ),
    Promise.all(
      priorities.map(async (priority) => ({
        priority,
        ...(await count({ ...active, priority: [priority] })),
      })),
    ),
    count({ ...active, assigneeId: [sight.userId] }),
    count({ ...active, unassigned: true }),
    count({ ...active, flag: true }),
    count({ ...active, nextActionTo: now }),
  ]);
  const byState = {
    active: summed(byStatus.filter(({ status }) => status !== "closed")),
    closed: summed(byStatus.filter(({ status }) => status === "closed")),
  };
  return { byState, byStatus, byPriority, mine, unassigned, flagged, due };
}

function summed(counters: readonly Counter[]): Counter {
  const count = counters.reduce((sum, one) => sum + one.count, 0);
  const isExact = counters.every((one) => one.isExact) && count <= mostCounted;
  return { count: Math.min(count, mostCounted), isExact };
}

/** By what leads to the fewest: the filter itself, or what the user sees. */
async function countUpTo(
  narrowed: Narrowed & { campaigns: string[] },
  sight: ListSight,
): Promise<Counter> {
  const asked: Placed = { ...narrowed, sort: "-created", limit: 1 };
  const walk = walkOf(asked, sight);
  const [way = walk] = walk.points["line"] ? [walk] : leadsOf(asked, sight, walk);
  const counts = await Promise.all(
    filtersOf(asked, sight.visible, way).map((filter) =>
      cases.native().countDocuments(filter, {
        hint: way.entry,
        limit: mostCounted + 1,
        maxTimeMS: longestMs,
      }),
    ),
  );
  return summed(counts.map((count) => ({ count, isExact: true })));
}
