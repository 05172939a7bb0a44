/** What connectors take, and how far messages came, kept for both the way out and the conversation. */
import type { ClientSession, Filter } from "mongodb";
import { newId } from "#shared/ids.ts";
import { entityOf, type Kept } from "#shared/mongo/store.ts";
import { outgoing, type Outgoing } from "./outgoing.store.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

/** How often a message is handed out before a person has to look at it. */
export const mostLeases = 10;

export interface Leased {
  interaction: KeptInteraction;
  attempt: number;
  leasedUntil: Date;
}

/** Hands out what is due by a channel, oldest first; each is its taker's until then. */
export async function lease(
  channelId: string,
  { limit, now, until }: { limit: number; now: Date; until: Date },
): Promise<Leased[]> {
  const due: Filter<Kept<Outgoing>> = {
    channelId,
    by: "connector",
    state: { $in: ["queued", "sending"] },
    nextAt: { $lte: now },
    attempts: { $lt: mostLeases },
  };
  const ids = (
    await outgoing
      .native()
      .find(due)
      .sort({ nextAt: 1, _id: 1 })
      .limit(limit)
      .project<{ _id: string }>({ _id: 1 })
      .toArray()
  ).map(({ _id }) => _id);
  if (ids.length === 0) return [];
  const claim = newId();
  await outgoing
    .native()
    .updateMany(
      { ...due, _id: { $in: ids } },
      { $set: { state: "sending", claim, claimedAt: now, nextAt: until }, $inc: { attempts: 1 } },
    );
  const mine = await outgoing
    .native()
    .find({ _id: { $in: ids }, claim })
    .toArray();
  const attempts = new Map(mine.map((row) => [row._id, row.attempts]));
  return (await started([...attempts.keys()])).map((interaction) => ({
    interaction,
    attempt: attempts.get(interaction.id) ?? 1,
    leasedUntil: until,
  }));
}

/** The messages themselves, in the order they were written, which are on their way from now on. */
async function started(ids: string[]): Promise<KeptInteraction[]> {
  await interactions
    .native()
    .updateMany({ _id: { $in: ids }, state: "queued" }, { $set: { state: "sending" } });
  const rows = await interactions
    .native()
    .find({ _id: { $in: ids } })
    .sort({ _id: 1 })
    .toArray();
  return rows.map((row) => entityOf<KeptInteraction>(row));
}

/** What connectors took again and again without a word. */
export async function abandoned(now: Date, limit: number): Promise<string[]> {
  const rows = await outgoing
    .native()
    .find({
      by: "connector",
      state: "sending",
      nextAt: { $lte: now },
      attempts: { $gte: mostLeases },
    })
    .limit(limit)
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return rows.map(({ _id }) => _id);
}

/** Messages that were sent by this channel and have a place in a conversation, by id. */
export async function sentBy(
  channelId: string,
  ids: readonly string[],
  session: ClientSession,
): Promise<Map<string, KeptInteraction>> {
  const rows = await interactions
    .native()
    .find(
      { _id: { $in: [...ids] }, channelId, direction: "outbound", seq: { $gt: 0 } },
      { session },
    )
    .toArray();
  return new Map(rows.map((row) => [row._id, entityOf<KeptInteraction>(row)]));
}

/** Those of these external ids that another message of the channel has already. */
export async function takenAmong(
  channelId: string,
  externalIds: readonly string[],
  session: ClientSession,
): Promise<Set<string>> {
  if (externalIds.length === 0) return new Set();
  const rows = await interactions
    .native()
    .find({ channelId, externalId: { $in: [...externalIds] } }, { session })
    .project<{ externalId: string }>({ externalId: 1 })
    .toArray();
  return new Set(rows.map(({ externalId }) => externalId));
}

/** Keeps how far a message came, and why not further; it is on its way no more. */
export async function settle(
  id: string,
  progress: Partial<KeptInteraction>,
  session: ClientSession,
): Promise<void> {
  const unset = progress.failure === undefined ? { $unset: { failure: "" as const } } : {};
  await interactions.native().updateOne({ _id: id }, { $set: progress, ...unset }, { session });
  await outgoing.native().deleteOne({ _id: id }, { session });
}
