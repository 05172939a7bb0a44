/** What a user may see and do in which campaign (G04). */
import type { Campaign, CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { campaigns, type KeptCampaign } from "./campaigns.store.ts";

/** The user's campaigns, each in its role; two indexed look-ups, three where some are linked. */
export async function scopesOf(userId: string): Promise<CampaignScope[]> {
  const found = await campaigns
    .native()
    .find({ $or: [{ supervisorIds: userId }, { "agents.userId": userId, enabled: true }] })
    .project<Place>({
      enabled: 1,
      options: 1,
      channelIds: 1,
      supervisorIds: { $elemMatch: { $eq: userId } },
      agents: { $elemMatch: { userId } },
    })
    .limit(500)
    .toArray();
  return [...found.flatMap(scopesIn), ...(await linkedScopes(found))];
}

/** An agent is registered in the call queues that the own campaigns are linked to, too (F208). */
async function linkedScopes(places: readonly Place[]): Promise<CampaignScope[]> {
  const worksIn = places.filter(({ enabled, agents }) => enabled && agents?.length);
  const own = new Set(worksIn.map(({ _id }) => _id));
  const linked = new Set(worksIn.flatMap(({ options }) => options.linkedCallQueues));
  const others = [...linked].filter((id) => !own.has(id));
  if (others.length === 0) return [];
  const open = await campaigns
    .native()
    .find({ _id: { $in: others }, enabled: true })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  const toggles = { agentsSeeAllCases: false, showOtherCampaigns: false, isLinked: true };
  return open.map(({ _id }) => ({ campaignId: _id, as: "agent", channelIds: [], ...toggles }));
}

type Place = Pick<Kept<KeptCampaign>, "_id" | "enabled" | "options" | "channelIds"> &
  Partial<Pick<Campaign, "supervisorIds" | "agents">>;

/** A supervisor's scope has all channels of the campaign, an agent's the assigned ones. */
function scopesIn(place: Place): CampaignScope[] {
  const { _id, enabled, options, channelIds, supervisorIds, agents } = place;
  const { agentsSeeAllCases, showOtherCampaigns } = options;
  const toggles = { agentsSeeAllCases, showOtherCampaigns };
  const [agent] = agents ?? [];
  return [
    ...(supervisorIds?.length
      ? [{ campaignId: _id, as: "supervisor" as const, channelIds, ...toggles }]
      : []),
    ...(enabled && agent
      ? [{ campaignId: _id, as: "agent" as const, channelIds: agent.channelIds, ...toggles }]
      : []),
  ];
}
