/** What is told of a customer's counted cases (F055, F056). Pure. */
import { statuses, type Status } from "#shared/contracts/cases/status.ts";

/** Campaigns that are told of at most. */
const mostCampaigns = 200;

interface Counted {
  groups: readonly { status: Status; campaignId: string; count: number }[];
  isComplete: boolean;
}

/** Every status in the order of a case's life, and the campaigns with most cases first. */
export function countsOf({ groups, isComplete }: Counted) {
  const sumOf = (some: Counted["groups"]) => some.reduce((sum, { count }) => sum + count, 0);
  const campaigns = [...new Set(groups.map(({ campaignId }) => campaignId))];
  const byCampaign = campaigns
    .map((campaignId) => ({
      campaignId,
      count: sumOf(groups.filter((group) => group.campaignId === campaignId)),
    }))
    .sort((a, b) => b.count - a.count || (a.campaignId < b.campaignId ? -1 : 1));
  return {
    byStatus: statuses.map((status) => ({
      status,
      count: sumOf(groups.filter((group) => group.status === status)),
    })),
    byCampaign: byCampaign.slice(0, mostCampaigns),
    isComplete: isComplete && byCampaign.length <= mostCampaigns,
  };
}
