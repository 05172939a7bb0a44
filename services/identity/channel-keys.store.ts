/** Where the keys of connectors are kept: their digests only. */
import type { ClientSession } from "mongodb";
import { ChannelKey } from "#shared/contracts/identity.ts";
import { text, whole, type Received } from "#shared/fields.ts";
import { collection, entityOf, keptOf } from "#shared/mongo/store.ts";

export type KeptKey = Received<typeof KeptKey>;
const KeptKey = {
  ...ChannelKey,
  digest: text(64),
  /** Each channel has two places: two who make a key at once cannot both take the last one. */
  place: whole(1, 2),
};

const keys = collection("identity", "channelKeys", KeptKey, [
  { key: { digest: 1 }, unique: true },
  { key: { channelId: 1, place: 1 }, unique: true },
]);

export async function ofChannel(channelId: string, session?: ClientSession): Promise<KeptKey[]> {
  const rows = await keys
    .native()
    .find({ channelId }, session ? { session } : {})
    .toArray();
  return rows.map((row) => entityOf<KeptKey>(row)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export async function findByDigest(digest: string): Promise<KeptKey | undefined> {
  const row = await keys.native().findOne({ digest });
  return row ? entityOf<KeptKey>(row) : undefined;
}

export const add = (key: KeptKey, session: ClientSession) =>
  keys.native().insertOne(keptOf(key), { session });

/** Removes a key of a channel; answers whether it was there. */
export async function remove(id: string, channelId: string, session: ClientSession) {
  const { deletedCount } = await keys.native().deleteOne({ _id: id, channelId }, { session });
  return deletedCount > 0;
}
