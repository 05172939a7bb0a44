/** The actions by which channels are set up: the channels themselves and their connectors' keys. */
import { actorOf } from "#shared/actor.ts";
import type { Ctx } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { Channel } from "#shared/contracts/channels.ts";
import { conflict, invalidField, isRefusal, notFound, stale } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { inForce, seesEverything } from "#shared/visibility.ts";
import { capabilitiesOf, channelTypes, requireDirection } from "./channel-types.rules.ts";
import * as store from "./channels.store.ts";

type Configuration = Pick<
  ActionHandlers<"channels">,
  | "listTypes"
  | "create"
  | "list"
  | "get"
  | "change"
  | "createKey"
  | "listKeys"
  | "revokeKey"
  | "describe"
>;

/** A campaign has at most this many channels. */
const mostChannels = 200;

export const configuration: Configuration = {
  listTypes: () => ({ items: [...channelTypes] }),

  async create(ctx) {
    requireDirection(ctx.params.direction, capabilitiesOf(ctx.params.type));
    const { enabled } = await campaignWithRoom(ctx, ctx.params.campaignId);
    const created = await keepNew(ctx, ctx.params, { campaignDisabled: !enabled });
    await joinCampaign(ctx, created);
    return created;
  },

  async list(ctx) {
    return store.listChannels(await sightOf(ctx), ctx.params);
  },

  async get(ctx) {
    const channel = await store.getChannel(ctx.params.id);
    const sight = await sightOf(ctx);
    const seen =
      sight === "all" ||
      sight.campaignIds.includes(channel.campaignId) ||
      sight.channelIds.includes(channel.id);
    if (!seen) throw notFound("channel", channel.id);
    return channel;
  },

  change: (ctx) =>
    withUniqueName(() =>
      write("channels", ctx, async (tx) => {
        const { id, version, ...patch } = ctx.params;
        const current = await store.getChannel(id, tx.session);
        if (version !== current.version) throw stale("channel", id, current.version);
        return keepChanged(tx, current, changed(current, patch), actorOf(ctx).id);
      }),
    ),

  async createKey(ctx) {
    const { id } = await store.getChannel(ctx.params.id);
    return ctx.call("identity.createChannelKey", { channelId: id });
  },

  async listKeys(ctx) {
    const { id } = await store.getChannel(ctx.params.id);
    const keys = await ctx.call("identity.listChannelKeys", { channelId: id });
    return { items: keys.map((key) => ({ id: key.id, createdAt: key.createdAt })) };
  },

  async revokeKey(ctx) {
    const { id } = await store.getChannel(ctx.params.id);
    await ctx.call("identity.revokeChannelKey", { channelId: id, id: ctx.params.keyId });
  },

  describe: (ctx) => store.describeChannels(ctx.params.ids),
};

/** @throws 422 at `campaignId` for no campaign or an archived one, 409 CAMPAIGN_FULL */
async function campaignWithRoom(ctx: Ctx, campaignId: string): Promise<Campaign> {
  const campaign = await ctx
    .call("campaigns.describe", { id: campaignId })
    .catch((error: unknown) => {
      if (!isRefusal(error) || error.type !== "NOT_FOUND") throw error;
      throw invalidField("campaignId", "is not a campaign", "unknown");
    });
  if (campaign.channelIds.length >= mostChannels) {
    throw conflict("CAMPAIGN_FULL", `A campaign has at most ${mostChannels} channels`);
  }
  if (campaign.archived) throw invalidField("campaignId", "is archived", "archived");
  return campaign;
}

type Draft = Omit<Channel, "id" | "version" | "createdAt" | "updatedAt">;

const keepNew = (ctx: Ctx, draft: Draft, copied: { campaignDisabled: boolean }): Promise<Channel> =>
  withUniqueName(() =>
    write("channels", ctx, async (tx) => {
      const now = new Date();
      const by = actorOf(ctx).id;
      const created: Channel = {
        id: newId(),
        ...draft,
        version: 1,
        createdAt: now,
        createdBy: by,
        updatedAt: now,
        updatedBy: by,
      };
      await store.addChannel(created, copied, tx.session);
      tx.announce({
        event: "channels.created",
        aggregate: { kind: "channel", id: created.id, version: 1 },
        changes: changesBetween({}, created),
        data: { id: created.id, campaignId: created.campaignId },
      });
      return created;
    }),
  );

/** So that the campaign has the channel at once; where it cannot be told, the event tells it. */
async function joinCampaign(ctx: Ctx, { id, campaignId }: Channel): Promise<void> {
  try {
    await ctx.call("campaigns.addChannel", { id: campaignId, channelId: id });
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

/** @throws 422 at `campaignId` for another campaign, at `direction` for one the type has not */
function changed(current: Channel, patch: Partial<Draft>): Channel {
  if (patch.campaignId !== undefined && patch.campaignId !== current.campaignId) {
    throw invalidField("campaignId", "a channel stays in its campaign", "fixed");
  }
  const next = { ...current, ...patch };
  requireDirection(next.direction, capabilitiesOf(next.type));
  return next;
}

async function keepChanged(
  tx: Tx<"channels">,
  current: Channel,
  decided: Channel,
  updatedBy: string,
): Promise<Channel> {
  const changes = changesBetween(current, decided);
  if (changes.length === 0) return current;
  const next = { ...decided, version: current.version + 1, updatedAt: new Date(), updatedBy };
  const { id, version, campaignId, enabled } = next;
  await store.replaceChannel(next, tx.session);
  tx.announce({
    event: "channels.changed",
    aggregate: { kind: "channel", id, version },
    changes,
    data: { id, campaignId, enabled },
  });
  return next;
}

/** Administrators see all channels, others those of their campaigns and those lent to them. */
async function sightOf(ctx: Ctx): Promise<store.Sight> {
  const actor = actorOf(ctx);
  if (seesEverything(actor)) return "all";
  const scopes = inForce(actor, await ctx.call("campaigns.scopesOf", { userId: actor.id }));
  return {
    campaignIds: scopes.map(({ campaignId }) => campaignId),
    channelIds: scopes.flatMap(({ channelIds }) => channelIds),
  };
}

/** @throws 409 CHANNEL_EXISTS, naming the channel of the campaign that has the name */
async function withUniqueName<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!store.isNameTaken(error)) throw error;
    const existingId = await store.holderOfName(error);
    throw conflict("CHANNEL_EXISTS", "The campaign has a channel of this name", { existingId });
  }
}
