/** What is told of a customer's counted interactions (F056, F057). Pure. */
import type { ReadableCase } from "#shared/contracts/cases/for-neighbours.ts";
import type { Channel } from "#shared/contracts/channels.ts";

/** Campaigns, and channels, that are told of at most. */
const mostTold = 200;

/** The interactions of one case on one channel. */
interface Group {
  caseId: string;
  channelId: string;
  inbound: number;
  outbound: number;
  lastAt: Date;
  lastInboundAt: Date | null;
  lastSuccessAt: Date | null;
}

export type Channels = ReadonlyMap<string, Pick<Channel, "name" | "type">>;

interface Facts {
  groups: readonly Group[];
  isComplete: boolean;
  /** The cases that may be read, by id; interactions of others are not told of. */
  readable: ReadonlyMap<string, ReadableCase>;
  channels: Channels;
  /** Only interactions of this campaign's cases, where there is one. */
  campaignId: string | undefined;
}

/** The campaigns and the channels with most interactions first. */
export function countsOf({ groups, isComplete, readable, channels, campaignId }: Facts) {
  const told = groups.filter(({ caseId }) => {
    const kase = readable.get(caseId);
    return kase && (campaignId === undefined || kase.campaignId === campaignId);
  });
  const campaignOf = ({ caseId }: Group) => String(readable.get(caseId)?.campaignId);
  const byCampaign = [...Map.groupBy(told, campaignOf)]
    .map(([id, ofOne]) => ({ campaignId: id, count: totalOf(ofOne) }))
    .sort((a, b) => b.count - a.count || (a.campaignId < b.campaignId ? -1 : 1));
  const byChannel = [...Map.groupBy(told, ({ channelId }) => channelId)]
    .sort(([, a], [, b]) => totalOf(b) - totalOf(a) || latestOf(b) - latestOf(a))
    .map(([id, ofOne]) => ({ ...named(id, channels), ...summed(ofOne) }));
  return {
    byCampaign: byCampaign.slice(0, mostTold),
    byChannel: byChannel.slice(0, mostTold),
    isComplete: isComplete && Math.max(byCampaign.length, byChannel.length) <= mostTold,
  };
}

function named(channelId: string, channels: Channels) {
  const channel = channels.get(channelId);
  return { channelId, ...(channel ? { channelName: channel.name, type: channel.type } : {}) };
}

function summed(groups: readonly Group[]) {
  const lastInboundAt = latest(groups.map((group) => group.lastInboundAt));
  const lastSuccessAt = latest(groups.map((group) => group.lastSuccessAt));
  return {
    inbound: sum(groups.map(({ inbound }) => inbound)),
    outbound: sum(groups.map(({ outbound }) => outbound)),
    lastAt: new Date(latestOf(groups)),
    ...(lastInboundAt ? { lastInboundAt } : {}),
    ...(lastSuccessAt ? { lastSuccessAt } : {}),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const totalOf = (groups: readonly Group[]): number =>
  sum(groups.map(({ inbound, outbound }) => inbound + outbound));

const latestOf = (groups: readonly Group[]): number =>
  Math.max(...groups.map(({ lastAt }) => lastAt.getTime()));

const latest = (dates: readonly (Date | null)[]): Date | undefined => {
  const times = dates.flatMap((date) => date?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
};
