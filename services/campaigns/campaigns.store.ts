/** Where campaigns are kept. */
import type { ClientSession } from "mongodb";
import { Campaign, CampaignSummary } from "#shared/contracts/campaigns.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { notFound } from "#shared/errors.ts";
import { id, list, text, type Received } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import { nameKey, partOfName } from "#shared/names.rules.ts";

export type KeptCampaign = Received<typeof KeptCampaign>;
const KeptCampaign = {
  ...Campaign,
  /** The name as it is compared, sorted and searched. */
  nameKey: text(4_000),
  /** Every channel that ever came in: one that was taken out does not come back by itself. */
  formerChannelIds: list(id, 100_000),
};

const retaining = { retentionDays: 1, _id: 1 } as const;

export const campaigns = collection("campaigns", "campaigns", KeptCampaign, [
  { key: { nameKey: 1 }, unique: true },
  { key: { nameKey: 1, _id: 1 } },
  { key: { enabled: 1, nameKey: 1, _id: 1 } },
  { key: { supervisorIds: 1, nameKey: 1, _id: 1 } },
  { key: { "agents.userId": 1, nameKey: 1, _id: 1 } },
  { key: { archived: 1, nameKey: 1, _id: 1 } },
  { key: { activityFormId: 1, mainField: 1 } },
  { key: retaining, partialFilterExpression: { retentionDays: { $gt: 0 } } },
]);

const campaignOf = (kept: Kept<KeptCampaign>): Campaign => {
  const { nameKey: _key, formerChannelIds: _former, ...campaign } = entityOf<KeptCampaign>(kept);
  return campaign;
};

const summaryOf = (kept: Kept<KeptCampaign>): CampaignSummary => {
  const { nameKey: _key, ...summary } = entityOf<KeptCampaign>(kept);
  return summary;
};

/** @throws 404 NOT_FOUND */
export async function get(campaignId: string, session?: ClientSession): Promise<Campaign> {
  const found = await find(campaignId, session);
  if (!found) throw notFound("campaign", campaignId);
  return found;
}

export async function find(
  campaignId: string,
  session?: ClientSession,
): Promise<Campaign | undefined> {
  const found = await campaigns
    .native()
    .findOne({ _id: campaignId }, session ? { session } : undefined);
  return found ? campaignOf(found) : undefined;
}

/**
 * One campaign as somebody sees it.
 * @throws 404 NOT_FOUND where there is none or it is not the user's
 */
export async function getSeen(campaignId: string, actor: Actor): Promise<Campaign> {
  const found = await campaigns.native().findOne({ $and: [{ _id: campaignId }, seenBy(actor)] });
  if (!found) throw notFound("campaign", campaignId);
  return campaignOf(found);
}

export interface Search {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
  q?: string | undefined;
  enabled?: boolean | undefined;
  archived: boolean;
}

/** The fields of a campaign in a list. */
const summaryFields = Object.keys({ ...CampaignSummary, nameKey: "" });

/** The campaigns that a user sees, by name. */
export async function listSeen(actor: Actor, search: Search): Promise<Page<CampaignSummary>> {
  const { limit, cursor, count, q, enabled, archived } = search;
  const filter = {
    $and: [
      seenBy(actor),
      { archived },
      ...(enabled === undefined ? [] : [{ enabled }]),
      ...(q ? [{ nameKey: partOfName(q) }] : []),
    ],
  };
  const sort = [
    ["nameKey", 1],
    ["_id", 1],
  ] as const;
  const asked = { filter, sort, limit, cursor, count, fields: summaryFields };
  const page = await findPage(campaigns.native(), asked);
  return { ...page, items: page.items.map(summaryOf) };
}

/** Administrators see all campaigns, supervisors theirs, agents theirs while they are enabled. */
function seenBy({ kind, role, id: userId }: Actor): object {
  if (kind === "system" || role === "administrator") return {};
  if (role === "supervisor") return { supervisorIds: userId };
  if (role === "agent") return { "agents.userId": userId, enabled: true };
  return { _id: { $in: [] } };
}

/** A campaign with this form whose main field is none of these, if there is one. */
export async function otherMainField(
  activityFormId: string,
  fields: readonly string[],
  session: ClientSession,
): Promise<{ id: string; mainField: string } | undefined> {
  const found = await campaigns
    .native()
    .findOne({ activityFormId, mainField: { $nin: [null, ...fields] } }, { session });
  return found ? { id: found._id, mainField: String(found.mainField) } : undefined;
}

/** Those of these campaigns that exist. */
export async function existing(ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await campaigns
    .native()
    .find({ _id: { $in: [...ids] } })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}

/** The names of those of these campaigns that exist. */
export async function namesOf(ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  const found = await campaigns
    .native()
    .find({ _id: { $in: [...ids] } })
    .project<{ _id: string; name: string }>({ name: 1 })
    .toArray();
  return found.map(({ _id, name }) => ({ id: _id, name }));
}

/** The users who are agents in one of these campaigns, each once. */
export async function agentsOf(ids: readonly string[]): Promise<string[]> {
  const found = await campaigns
    .native()
    .aggregate<{ _id: string }>([
      { $match: { _id: { $in: [...ids] } } },
      { $project: { userId: "$agents.userId" } },
      { $unwind: "$userId" },
      { $group: { _id: "$userId" } },
      { $limit: 10_000 },
    ])
    .toArray();
  return found.map(({ _id }) => _id);
}

/** The campaigns that say for how long the content of their closed cases is kept (B08). */
export async function retentions({
  id: _id,
  ...paging
}: {
  id?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}): Promise<Page<{ id: string; retentionDays: number }>> {
  const page = await findPage(campaigns.native(), {
    filter: { ...(_id ? { _id } : {}), retentionDays: { $gt: 0 } },
    sort: [
      ["retentionDays", 1],
      ["_id", 1],
    ],
    fields: ["retentionDays"],
    ...paging,
  });
  const items = page.items.map((one) => ({
    id: one._id,
    retentionDays: Number(one.retentionDays),
  }));
  return { ...page, items };
}

/** Whether a write was refused because another campaign has the name, accents and case aside. */
export const isNameTaken = (error: unknown): error is { keyValue: { nameKey: string } } =>
  isDuplicate(error, "nameKey");

/** The campaign that has the name for which a write was refused. */
export async function holderOfName({
  keyValue,
}: {
  keyValue: { nameKey: string };
}): Promise<string | undefined> {
  const found = await campaigns.native().findOne({ nameKey: keyValue.nameKey });
  return found?._id;
}

/** @throws a duplicate-key error (see `isNameTaken`) where another has the name */
export async function add(campaign: Campaign, session: ClientSession): Promise<void> {
  const kept = { ...campaign, nameKey: nameKey(campaign.name), formerChannelIds: [] };
  await campaigns.model().create([keptOf<KeptCampaign>(kept)], { session });
}

/** @throws a duplicate-key error (see `isNameTaken`) where another has the name */
export async function replace(campaign: Campaign, session: ClientSession): Promise<void> {
  const { _id, ...fields } = keptOf(campaign);
  await campaigns.model().updateOne(
    { _id },
    {
      $set: { ...fields, nameKey: nameKey(campaign.name) },
      $addToSet: { formerChannelIds: { $each: campaign.channelIds } },
    },
    { session, runValidators: true },
  );
}

/** Whether the campaign has the channel, or had it until somebody took it out. */
export async function hasHad(
  campaignId: string,
  channelId: string,
  session: ClientSession,
): Promise<boolean> {
  const found = await campaigns
    .native()
    .findOne({ _id: campaignId, formerChannelIds: channelId }, { session });
  return found !== null;
}
