/** What the dashboard of a customer says (F055-F057). Pure. */
import type { Answer } from "#shared/bus.ts";
import type { Dashboard } from "#shared/contracts/customers/dashboard.ts";

type ChannelCount = Answer<"channels.countsOf">["byChannel"][0];

/** What the neighbours counted; undefined where one could not be asked. */
interface Counts {
  cases: Answer<"cases.countsOf"> | undefined;
  interactions: Answer<"channels.countsOf"> | undefined;
}

/** The campaigns that are spoken of. */
export const campaignsIn = ({ cases, interactions }: Counts): string[] => [
  ...new Set(
    [...(cases?.byCampaign ?? []), ...(interactions?.byCampaign ?? [])].map(
      ({ campaignId }) => campaignId,
    ),
  ),
];

/** @param names of campaigns, as far as they could be asked for */
export function dashboardOf({
  names,
  ...counts
}: Counts & { names: ReadonlyMap<string, string> }): Dashboard {
  const { cases, interactions } = counts;
  const parts = [cases, interactions];
  return {
    ...(cases ? { casesByStatus: cases.byStatus } : {}),
    casesByCampaign: campaignsIn(counts).map((campaignId) => byCampaign(campaignId, counts, names)),
    ...(interactions ? channelsOf(interactions.byChannel) : {}),
    isComplete: parts.every((part) => part?.isComplete !== false),
    unavailable: (["cases", "interactions"] as const).filter((part) => !counts[part]),
  };
}

/** A campaign without cases, or without interactions, has none; not so where nobody could tell. */
function byCampaign(
  campaignId: string,
  { cases, interactions }: Counts,
  names: ReadonlyMap<string, string>,
) {
  const campaignName = names.get(campaignId);
  const countIn = (counted: { campaignId: string; count: number }[]) =>
    counted.find((one) => one.campaignId === campaignId)?.count ?? 0;
  return {
    campaignId,
    ...(campaignName ? { campaignName } : {}),
    ...(cases ? { cases: countIn(cases.byCampaign) } : {}),
    ...(interactions ? { interactions: countIn(interactions.byCampaign) } : {}),
  };
}

function channelsOf(counted: readonly ChannelCount[]) {
  const preferred = counted
    .filter(({ inbound }) => inbound > 0)
    .toSorted((a, b) => b.inbound - a.inbound || timeOf(b.lastInboundAt) - timeOf(a.lastInboundAt))
    .at(0);
  const successful = counted
    .filter(({ lastSuccessAt }) => lastSuccessAt)
    .toSorted((a, b) => timeOf(b.lastSuccessAt) - timeOf(a.lastSuccessAt))
    .at(0);
  return {
    channels: counted.map((one) => ({
      ...channelOf(one),
      interactions: one.inbound + one.outbound,
      inbound: one.inbound,
      outbound: one.outbound,
      lastAt: one.lastAt,
    })),
    ...(preferred ? { preferredChannel: channelOf(preferred) } : {}),
    ...(successful?.lastSuccessAt
      ? { lastSuccessfulChannel: { ...channelOf(successful), at: successful.lastSuccessAt } }
      : {}),
  };
}

const timeOf = (date: Date | undefined): number => date?.getTime() ?? 0;

const channelOf = ({ channelId, channelName, type }: ChannelCount) => ({
  channelId,
  ...(channelName ? { channelName } : {}),
  ...(type ? { type } : {}),
});
