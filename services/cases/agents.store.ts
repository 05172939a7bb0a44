/** What routing knows of agents and campaigns: copies, kept up to date by events. */
import type { ClientSession } from "mongodb";
import { entityOf, keptOf } from "#shared/mongo/store.ts";
import type { KnownAgent, KnownCampaign, Unlinked } from "./agents.rules.ts";
import { agents, campaigns, type KeptAgent, type KeptCampaign } from "./tables.store.ts";

/** Keeps what becomes of an agent, in a transaction of the caller's. */
export async function learnAgent(
  userId: string,
  decide: (known: KnownAgent | undefined) => KnownAgent,
  session: ClientSession,
): Promise<void> {
  const kept = await agents.native().findOne({ _id: userId }, { session });
  const known = kept ? entityOf<KeptAgent>(kept) : undefined;
  const decided = decide(known);
  if (decided === known) return;
  const { _id, ...fields } = keptOf<KeptAgent>({ ...decided, holds: kept?.holds ?? 0 });
  await agents.native().replaceOne({ _id }, fields, { upsert: true, session });
}

/** The same for a campaign; answers what was known of it and what is known now. */
export async function learnCampaign(
  campaignId: string,
  decide: (known: KnownCampaign | undefined) => KnownCampaign,
  session: ClientSession,
): Promise<{ known: KnownCampaign | undefined; decided: KnownCampaign }> {
  const kept = await campaigns.native().findOne({ _id: campaignId }, { session });
  const known = kept ? entityOf<KeptCampaign>(kept) : undefined;
  const decided = decide(known);
  if (decided === known) return { known, decided };
  const { _id, ...fields } = keptOf<KeptCampaign>({ ...decided, holds: kept?.holds ?? 0 });
  await campaigns.native().replaceOne({ _id }, fields, { upsert: true, session });
  return { known, decided };
}

/** Who reaches a campaign neither as its agent nor through another one leaves it. */
export async function leave(
  { campaignId, userIds }: Unlinked,
  session: ClientSession,
): Promise<void> {
  const reaching = await campaigns
    .native()
    .find(
      { $or: [{ _id: campaignId }, { "options.linkedCallQueues": campaignId, enabled: true }] },
      { session, projection: { agents: 1 } },
    )
    .toArray();
  const stay = new Set(reaching.flatMap(({ agents: some }) => some.map(({ userId }) => userId)));
  const leaving = userIds.filter((userId) => !stay.has(userId));
  await campaigns
    .native()
    .updateOne({ _id: campaignId }, { $addToSet: { leaving: { $each: leaving } } }, { session });
}

/** The campaigns whose agents are registered in the call queue of this one, too (F208). */
export async function linkedTo(campaignId: string): Promise<KnownCampaign[]> {
  const found = await campaigns
    .native()
    .find({ "options.linkedCallQueues": campaignId, enabled: true })
    .limit(mostLinked)
    .toArray();
  return found.map((one) => entityOf<KeptCampaign>(one));
}

/** As many campaigns as are linked to one call queue; more do not give it more hands. */
const mostLinked = 50;

export async function findCampaign(campaignId: string): Promise<KnownCampaign | undefined> {
  const kept = await campaigns.native().findOne({ _id: campaignId });
  return kept ? entityOf<KeptCampaign>(kept) : undefined;
}

const atWork = { state: { $in: ["available" as const, "busy" as const] }, isOut: false };

/** Whether anybody may get cases. */
export const isAnybodyAtWork = async (): Promise<boolean> =>
  (await agents.native().findOne(atWork, { projection: { _id: 1 } })) !== null;

/** Those of these agents who may get cases: available, or busy. */
export async function atWorkOf(userIds: readonly string[]): Promise<KnownAgent[]> {
  const found = await agents
    .native()
    .find({ _id: { $in: [...userIds] }, ...atWork })
    .toArray();
  return found.map((one) => entityOf<KeptAgent>(one));
}

/** Those of these users who are disabled, or no agents any more. */
export async function outOf(userIds: readonly string[]): Promise<Set<string>> {
  if (userIds.length === 0) return new Set();
  const found = await agents
    .native()
    .find({ _id: { $in: [...userIds] }, isOut: true }, { projection: { _id: 1 } })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}

/** Whose work is to go back: all of an agent's, or what was had in a campaign. */
export interface Due {
  userId: string;
  campaignId?: string;
  /** Until when an agent might have come back. */
  releaseAt?: Date;
}

const dueAtOnce = 100;

/** Some of those whose work is to go back to the queue now (B10). */
export async function dueForRelease(now: Date): Promise<Due[]> {
  const [gone, left] = await Promise.all([
    agents
      .native()
      .find({ releaseAt: { $lte: now } })
      .limit(dueAtOnce)
      .toArray(),
    campaigns
      .native()
      .find({ "leaving.0": { $exists: true } })
      .limit(dueAtOnce)
      .toArray(),
  ]);
  return [
    ...gone.map(({ _id, releaseAt }) => ({ userId: _id, ...(releaseAt ? { releaseAt } : {}) })),
    ...left.flatMap(({ _id, leaving }) => leaving.map((userId) => ({ userId, campaignId: _id }))),
  ];
}

/**
 * Whether the work is still to go back, which nobody changes until the transaction ends.
 * @param isDone whether all of it has gone back
 */
export async function holdRelease(
  { userId, campaignId, releaseAt }: Due,
  isDone: boolean,
  session: ClientSession,
): Promise<boolean> {
  const { matchedCount } = campaignId
    ? await campaigns
        .native()
        .updateOne(
          { _id: campaignId, leaving: userId },
          { $inc: { holds: 1 }, ...(isDone ? { $pull: { leaving: userId } } : {}) },
          { session },
        )
    : await agents
        .native()
        .updateOne(
          { _id: userId, releaseAt: releaseAt as Date },
          { $inc: { holds: 1 }, ...(isDone ? { $unset: { releaseAt: "" } } : {}) },
          { session },
        );
  return matchedCount === 1;
}
