/** How many cases a customer has, by status and campaign: one look at the newest by their index. */
import type { Status } from "#shared/contracts/cases/status.ts";
import { longestMs } from "#shared/mongo/pages.ts";
import type { Filter } from "#shared/visibility.ts";
import { created, ofCustomers } from "./lists-filters.store.ts";
import { cases, entries } from "./tables.store.ts";

/** More than a customer has; who has more is counted as far as this. */
const mostCounted = 10_000;

export interface CountRequest {
  customerId: string;
  formerIds?: string[] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  campaignId?: string | undefined;
}

export interface Counted {
  groups: { status: Status; campaignId: string; count: number }[];
  /** Whether that was all of them. */
  isComplete: boolean;
}

/** @param readable the filter of what the user may read */
export async function countCases(
  { customerId, formerIds = [], from, to, campaignId }: CountRequest,
  readable: Filter,
): Promise<Counted> {
  const conditions = [
    ofCustomers([customerId, ...formerIds]),
    ...created({ ...(from && { createdFrom: from }), ...(to && { createdTo: to }) }),
    ...(campaignId ? [{ campaignId }] : []),
    readable,
  ];
  const groups = await cases
    .native()
    .aggregate<Counted["groups"][0]>(
      [
        { $match: { $and: conditions } },
        { $sort: { createdAt: -1, _id: -1 } },
        { $limit: mostCounted + 1 },
        {
          $group: { _id: { status: "$status", campaignId: "$campaignId" }, count: { $sum: 1 } },
        },
        { $project: { _id: 0, status: "$_id.status", campaignId: "$_id.campaignId", count: 1 } },
      ],
      { hint: entries.customer, maxTimeMS: longestMs, readConcern: { level: "snapshot" } },
    )
    .toArray();
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  return { groups, isComplete: total <= mostCounted };
}
