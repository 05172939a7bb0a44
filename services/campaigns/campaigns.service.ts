/** Campaigns: the scope of channels, agents, supervisors and options (A25). */
import { actorOf } from "#shared/actor.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import * as rules from "./campaigns.rules.ts";
import * as store from "./campaigns.store.ts";
import { scopesOf } from "./scopes.store.ts";
import { add, change, told } from "./changing.ts";
import { duplicate } from "./duplicating.ts";
import { forms, makeStandardForm } from "./forms.ts";
import { joinCampaign } from "./joining.ts";
import * as members from "./members.rules.ts";
import { channelsOf, peopleOf, requireResponsible } from "./neighbours.ts";
import { script } from "./script.ts";
import { seenBy } from "./seen.rules.ts";
import { tabs } from "./tabs.ts";

export default implement("campaigns", {
  actions: {
    ...announcer("campaigns"),

    async create(ctx) {
      const draft = rules.open(ctx.params, newId, new Date());
      const { linkedCallQueues } = draft.options;
      rules.requireLinks(linkedCallQueues, await store.existing(linkedCallQueues), {
        prefix: "options.",
      });
      await requireResponsible(ctx, draft.responsibleUserId);
      return add(ctx, draft);
    },

    list: (ctx) => store.listSeen(actorOf(ctx), ctx.params),

    async get(ctx) {
      const actor = actorOf(ctx);
      return seenBy(await store.getSeen(ctx.params.id, actor), actor);
    },

    async change(ctx) {
      const { id, version, ...patch } = ctx.params;
      await store.get(id);
      await requireResponsible(ctx, patch.responsibleUserId);
      return change(
        ctx,
        { id, version },
        (current) => rules.change(current, patch, newId),
        told.changed,
      );
    },

    duplicate,
    ...script,
    ...tabs,
    ...forms,

    async setChannels(ctx) {
      const { items, ...changing } = ctx.params;
      await store.get(changing.id);
      const known = await channelsOf(ctx, items);
      return change(
        ctx,
        changing,
        (current) => members.withChannels(current, items, known),
        told.channelsSet,
      );
    },

    async setAgents(ctx) {
      const { items, ...changing } = ctx.params;
      await store.get(changing.id);
      const people = await peopleOf(
        ctx,
        items.map(({ userId }) => userId),
      );
      return change(
        ctx,
        changing,
        (current) => members.withAgents(current, items, people),
        told.agentsSet,
      );
    },

    async setSupervisors(ctx) {
      const { items, ...changing } = ctx.params;
      await store.get(changing.id);
      const people = await peopleOf(ctx, items);
      return change(
        ctx,
        changing,
        (current) => members.withSupervisors(current, items, people),
        told.supervisorsSet,
      );
    },

    async setOptions(ctx) {
      const { id, version, ...options } = ctx.params;
      const { linkedCallQueues = [] } = options;
      await store.get(id);
      rules.requireLinks(linkedCallQueues, await store.existing(linkedCallQueues), { self: id });
      return change(
        ctx,
        { id, ...(version ? { version } : {}) },
        (current) => ({ ...current, options: { ...current.options, ...options } }),
        told.optionsSet,
      );
    },

    scopesOf: (ctx) => scopesOf(ctx.params.userId),

    describe: (ctx) => store.get(ctx.params.id),

    namesOf: (ctx) => store.namesOf(ctx.params.ids),

    agentsOf: (ctx) => store.agentsOf(ctx.params.ids),

    retentions: (ctx) => store.retentions(ctx.params),

    async addChannel(ctx) {
      const { id, channelId } = ctx.params;
      await store.get(id);
      await write("campaigns", ctx, (tx) => joinCampaign(tx, { id, channelId }, actorOf(ctx).id));
    },
  },

  events: {
    /** Channels tells us itself, too; this is for when it could not. */
    async "channels.created"({ data, actor }, tx) {
      await joinCampaign(tx, { id: data.campaignId, channelId: data.id }, actor.id);
    },
  },

  started: () => makeStandardForm(),
});
