/** The actions on templates of messages: set up by administrators, offered to who writes (F152, F165, G15). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Channel } from "#shared/contracts/channels.ts";
import type { Template } from "#shared/contracts/channels/templates.ts";
import { notFound, stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { firstAnswer, write, type Tx } from "#shared/mongo/write.ts";
import { capabilitiesOf } from "./channel-types.rules.ts";
import { describeChannels } from "./channels.store.ts";
import { choose } from "./template-categories.store.ts";
import * as rules from "./templates.rules.ts";
import * as store from "./templates.store.ts";

type Actions = Contracts["channels"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const templates = {
  /** @throws 409 TEMPLATE_EXISTS; 422 VALIDATION_ERROR naming what cannot be */
  async createTemplate(ctx: Asked<"createTemplate">): Promise<Template> {
    const can = capabilitiesOf(ctx.params.channelType);
    const template = rules.created(ctx.params, can, { id: newId(), ...stamp(ctx) });
    await requireKnown(ctx, template);
    return keepNew(ctx, template);
  },

  async listTemplates(ctx: Asked<"listTemplates">) {
    const { channelId, channelType, ...search } = ctx.params;
    const channel = await channelOf(channelId);
    if (channel && channelType && channel.type !== channelType) {
      return { items: [], nextCursor: null };
    }
    return store.list({ ...search, channelType, ...ofChannel(channel) });
  },

  getTemplate: (ctx: Asked<"getTemplate">) => store.get(ctx.params.id),

  /** @throws 409 TEMPLATE_EXISTS; 412 STALE_VERSION; 422 VALIDATION_ERROR naming what cannot be */
  async changeTemplate(ctx: Asked<"changeTemplate">): Promise<Template> {
    const { id, version, ...patch } = ctx.params;
    const read = await store.get(id);
    if (read.version !== version) throw stale("template", id, read.version);
    const changed = rules.changed(read, patch, capabilitiesOf(read.channelType), stamp(ctx));
    await requireKnown(ctx, { ...changed, ...unsaid(patch) });

    return withUniqueName(() =>
      write("channels", ctx, async (tx) => {
        const current = await store.get(id, tx.session);
        if (current.version !== version) throw stale("template", id, current.version);
        if (changesBetween(current, changed).length === 0) return current;
        if (changed.categoryId) await choose(changed.categoryId, tx.session);
        await store.replace(changed, tx.session);

        tell(tx, "channels.templateChanged", current, changed);
        return changed;
      }),
    );
  },

  deleteTemplate: (ctx: Asked<"deleteTemplate">): Promise<void> =>
    write("channels", ctx, async (tx) => {
      const template = await store.get(ctx.params.id, tx.session);
      const { id, channelType, version } = template;
      await store.remove(id, tx.session);

      tell(tx, "channels.templateDeleted", template, { id, channelType, version: version + 1 });
    }),

  /** @throws 409 TEMPLATE_EXISTS */
  async duplicateTemplate(ctx: Asked<"duplicateTemplate">): Promise<Template> {
    const before = await firstAnswer<Template>("channels", ctx);
    if (before) return before;
    const { id, name } = ctx.params;
    const copy = { id: newId(), name, ...stamp(ctx) };
    return keepNew(ctx, rules.copied(await store.get(id), copy));
  },

  async offerTemplates(ctx: Asked<"offerTemplates">) {
    const { channelId, ...search } = ctx.params;
    return store.list({ ...search, enabled: true, ...ofChannel(await channelOf(channelId)) });
  },

  async offeredTemplate(ctx: Asked<"offeredTemplate">): Promise<Template> {
    const { id, campaignId, channelId } = ctx.params;
    const channel = await channelOf(channelId);
    const template = await store.get(id);
    const purpose = { campaignId, ...(channel ? { channel } : {}) };
    if (!rules.isOffered(template, purpose)) throw notFound("template", id);
    return template;
  },
};

const stamp = (ctx: Ctx) => ({ at: new Date(), by: actorOf(ctx).id });

const ofChannel = (channel: Channel | undefined) =>
  channel ? { channelType: channel.type, channelId: channel.id } : {};

/** @throws 422 at `channelId` */
async function channelOf(id: string | undefined): Promise<Channel | undefined> {
  if (id === undefined) return undefined;
  const [channel] = await describeChannels([id]);
  if (!channel) throw rules.noChannel();
  return channel;
}

/** What a change says nothing of was looked up when it was said. */
const unsaid = (patch: Partial<Pick<Template, "channelIds" | "campaignIds">>) => ({
  ...(patch.channelIds === undefined ? { channelIds: null } : {}),
  ...(patch.campaignIds === undefined ? { campaignIds: null } : {}),
});

/** @throws 422 at what is no channel of its type, or no campaign; 503 while campaigns is away */
async function requireKnown(ctx: Ctx, template: Template): Promise<void> {
  const { channelIds, campaignIds } = template;
  if (channelIds) rules.requireChannels(template, await describeChannels(channelIds));
  if (campaignIds) {
    rules.requireCampaigns(template, await ctx.call("campaigns.namesOf", { ids: campaignIds }));
  }
}

const keepNew = (ctx: Ctx, template: Template): Promise<Template> =>
  withUniqueName(() =>
    write("channels", ctx, async (tx) => {
      if (template.categoryId) await choose(template.categoryId, tx.session);
      await store.add(template, tx.session);

      tell(tx, "channels.templateCreated", {}, template);
      return template;
    }),
  );

type Told = "channels.templateCreated" | "channels.templateChanged" | "channels.templateDeleted";

function tell(
  tx: Tx<"channels">,
  event: Told,
  before: object,
  after: Pick<Template, "id" | "version" | "channelType">,
): void {
  const { id, version, channelType } = after;
  const aggregate = { kind: "template", id, version };
  tx.announce({
    ...{ event, aggregate, changes: changesBetween(before, after) },
    data: { id, channelType },
  });
}

async function withUniqueName<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw await store.asNameTaken(error);
  }
}
