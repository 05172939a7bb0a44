/** How a new channel comes into its campaign: once, however often it is told. */
import type { Tx } from "#shared/mongo/write.ts";
import * as store from "./campaigns.store.ts";
import { keep, told } from "./changing.ts";
import { mostChannels, withChannel } from "./members.rules.ts";

/**
 * Puts a channel into its campaign. Nothing happens where it is in, was taken out again by
 * somebody, or the campaign is full or gone.
 */
export async function joinCampaign(
  tx: Tx<"campaigns">,
  { id, channelId }: { id: string; channelId: string },
  by: string,
): Promise<void> {
  const current = await store.find(id, tx.session);
  if (!current || current.channelIds.length >= mostChannels) return;
  if (await store.hasHad(id, channelId, tx.session)) return;
  await keep(tx, current, withChannel(current, channelId), { tell: told.channelsSet, by });
}
