/** Where channels are kept. */
import type { ClientSession } from "mongodb";
import { LRUCache } from "lru-cache";
import { Channel, type ChannelType } from "#shared/contracts/channels.ts";
import { notFound } from "#shared/errors.ts";
import { optional, text, yesNo, type Received } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import { nameKey } from "#shared/names.rules.ts";

type KeptChannel = Received<typeof KeptChannel>;
const KeptChannel = {
  ...Channel,
  /** The name as it is compared and sorted. */
  nameKey: text(4_000),
  /** A copy from its campaign, by `campaigns.changed`: a disabled one takes no messages (G05). */
  campaignDisabled: optional(yesNo),
};

const channels = collection("channels", "channels", KeptChannel, [
  { key: { campaignId: 1, nameKey: 1 }, unique: true },
  { key: { nameKey: 1, _id: 1 } },
  { key: { campaignId: 1, nameKey: 1, _id: 1 } },
  { key: { type: 1, nameKey: 1, _id: 1 } },
]);

const channelOf = (kept: Kept<KeptChannel>): Channel => {
  const { nameKey: _key, campaignDisabled: _disabled, ...channel } = entityOf<KeptChannel>(kept);
  return channel;
};

/** @throws 404 NOT_FOUND */
export async function getChannel(channelId: string, session?: ClientSession): Promise<Channel> {
  const found = await channels
    .native()
    .findOne({ _id: channelId }, session ? { session } : undefined);
  if (!found) throw notFound("channel", channelId);
  return channelOf(found);
}

/** What the way of a message needs to know of its channel. */
export type ChannelAtHand = Pick<
  Channel,
  "id" | "name" | "type" | "direction" | "enabled" | "campaignId" | "defaultCountry"
> &
  Pick<KeptChannel, "campaignDisabled">;

/** Those of these channels that exist, by id: one look-up by primary key. */
async function channelsById(ids: readonly string[]): Promise<ReadonlyMap<string, ChannelAtHand>> {
  const found = await channels
    .native()
    .find({ _id: { $in: [...ids] } })
    .project<Omit<ChannelAtHand, "id"> & { _id: string }>({
      name: 1,
      type: 1,
      direction: 1,
      enabled: 1,
      campaignId: 1,
      defaultCountry: 1,
      campaignDisabled: 1,
    })
    .toArray();
  return new Map(found.map(({ _id, ...channel }) => [_id, { id: _id, ...channel }]));
}

/** How long another replica may go on with a channel that was changed here. */
const rememberedMs = 500;
const remembered = new LRUCache<string, ChannelAtHand>({ max: 10_000, ttl: rememberedMs });

/** The same for the way of messages: asks the database at most twice a second for each channel. */
export async function channelsAtHand(
  ids: readonly string[],
): Promise<ReadonlyMap<string, ChannelAtHand>> {
  const missing = ids.filter((id) => !remembered.has(id));
  if (missing.length > 0) {
    for (const [id, channel] of await channelsById(missing)) remembered.set(id, channel);
  }
  return new Map(
    ids.flatMap((id) => {
      const channel = remembered.get(id, { allowStale: true });
      return channel ? [[id, channel] as const] : [];
    }),
  );
}

/** Those of these channels that exist, in any order. */
export async function describeChannels(ids: readonly string[]): Promise<Channel[]> {
  const found = await channels
    .native()
    .find({ _id: { $in: [...ids] } })
    .toArray();
  return found.map(channelOf);
}

/** Whose channels somebody sees: all, or those of some campaigns and those shared with them. */
export type Sight = "all" | { campaignIds: readonly string[]; channelIds: readonly string[] };

export interface ChannelSearch {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
  campaignId?: string | undefined;
  type?: ChannelType | undefined;
}

/** The channels that somebody sees, by name. */
export async function listChannels(sight: Sight, search: ChannelSearch): Promise<Page<Channel>> {
  const { limit, cursor, count, campaignId, type } = search;
  const filter = {
    $and: [
      sightFilter(sight),
      ...(campaignId ? [{ campaignId }] : []),
      ...(type ? [{ type }] : []),
    ],
  };
  const sort = [
    ["nameKey", 1],
    ["_id", 1],
  ] as const;
  const page = await findPage(channels.native(), { filter, sort, limit, cursor, count });
  return { ...page, items: page.items.map(channelOf) };
}

const sightFilter = (sight: Sight): object =>
  sight === "all"
    ? {}
    : {
        $or: [
          { campaignId: { $in: [...sight.campaignIds] } },
          { _id: { $in: [...sight.channelIds] } },
        ],
      };

/** @throws a duplicate-key error (see `isNameTaken`) where another of the campaign has the name */
export async function addChannel(
  channel: Channel,
  { campaignDisabled }: { campaignDisabled: boolean },
  session: ClientSession,
): Promise<void> {
  const kept = { ...channel, nameKey: nameKey(channel.name), campaignDisabled };
  await channels.model().create([keptOf<KeptChannel>(kept)], { session });
}

/** @throws a duplicate-key error (see `isNameTaken`) where another of the campaign has the name */
export async function replaceChannel(channel: Channel, session: ClientSession): Promise<void> {
  const { _id, ...fields } = keptOf(channel);
  remembered.delete(_id);
  await channels
    .model()
    .updateOne(
      { _id },
      { $set: { ...fields, nameKey: nameKey(channel.name) } },
      { session, runValidators: true },
    );
}

interface NameTaken {
  keyValue: { campaignId: string; nameKey: string };
}

/** Whether a write was refused because another channel of the campaign has the name. */
export const isNameTaken = (error: unknown): error is NameTaken => isDuplicate(error, "nameKey");

/** The channel that has the name for which a write was refused. */
export async function holderOfName({ keyValue }: NameTaken): Promise<string | undefined> {
  const { campaignId, nameKey: key } = keyValue;
  const found = await channels.native().findOne({ campaignId, nameKey: key });
  return found?._id;
}

/** Lets the channels of a campaign know whether it is enabled. */
export async function setCampaignEnabled(
  campaignId: string,
  enabled: boolean,
  session: ClientSession,
): Promise<void> {
  await channels
    .native()
    .updateMany({ campaignId }, { $set: { campaignDisabled: !enabled } }, { session });
}
