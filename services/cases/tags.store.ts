/** How often tags are used: one look at the latest cases that have any, by their index (G03). */
import type { TagCount } from "#shared/contracts/cases/tags.ts";
import { longestMs } from "#shared/mongo/pages.ts";
import type { ListSight } from "./lists-ways.store.ts";
import { campaignsIn } from "./lists.store.ts";
import { cases, entries } from "./tables.store.ts";

/** Of more cases than that, the latest are counted. */
const mostCounted = 10_000;
/** Campaigns whose cases MongoDB puts in one order without sorting them. */
const campaignsAtOnce = 200;
/** Of a look, the most used tags. */
const mostTagsRead = 2_000;

export interface TagsCounted {
  /** A tag may be there several times. */
  counted: TagCount[];
  /** Whether these are all tagged cases that the user sees. */
  isComplete: boolean;
}

export async function countTags(
  asked: { campaignId?: string[] },
  sight: ListSight,
): Promise<TagsCounted> {
  const campaigns = await campaignsIn(asked, sight);
  const looks: string[][] = [];
  for (let from = 0; from < campaigns.length; from += campaignsAtOnce) {
    looks.push(campaigns.slice(from, from + campaignsAtOnce));
  }
  const counts = await Promise.all(looks.map((some) => countIn(some, sight)));
  return {
    counted: counts.flatMap(({ counted }) => counted),
    isComplete: counts.every(({ isComplete }) => isComplete),
  };
}

async function countIn(campaigns: string[], { visible }: ListSight): Promise<TagsCounted> {
  const ofCampaigns = { campaignId: { $in: campaigns }, active: true, tags: { $exists: true } };
  const options = { hint: entries.tagged, maxTimeMS: longestMs };
  const [counted, total] = await Promise.all([
    cases
      .native()
      .aggregate<TagCount>(
        [
          { $match: ofCampaigns },
          { $sort: { createdAt: -1, _id: -1 } },
          { $limit: mostCounted },
          { $match: visible },
          { $unwind: "$tags" },
          { $group: { _id: "$tags", count: { $sum: 1 } } },
          { $sort: { count: -1, _id: 1 } },
          { $limit: mostTagsRead },
          { $project: { _id: 0, tag: "$_id", count: 1 } },
        ],
        options,
      )
      .toArray(),
    cases.native().countDocuments(ofCampaigns, { ...options, limit: mostCounted + 1 }),
  ]);
  return { counted, isComplete: total <= mostCounted && counted.length < mostTagsRead };
}
