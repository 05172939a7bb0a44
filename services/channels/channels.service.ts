/** Channels: how customers reach the company, the inbound record and the interactions. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { caseListeners } from "./case-moves.ts";
import { setCampaignEnabled } from "./channels.store.ts";
import { configuration } from "./configuration.ts";
import { customerListeners } from "./customer-moves.ts";
import { holdings } from "./holdings.ts";
import { ofCustomer } from "./of-customer.ts";
import { markDeleted } from "./of-customer.store.ts";
import { reading } from "./reading.ts";
import { receiving } from "./receiving.ts";
import { templateCategories } from "./template-categories.ts";
import { templates } from "./templates.ts";

export default implement("channels", {
  actions: {
    ...configuration,
    ...reading,
    ...announcer("channels"),
    ...holdings,
    ...ofCustomer,
    ...templates,
    ...templateCategories,
    receive: (ctx) => receiving.receive(ctx),
    receiveMany: (ctx) => receiving.receiveMany(ctx),
  },
  events: {
    ...customerListeners,
    ...caseListeners,

    /** A disabled campaign takes no messages (G05): its channels keep a copy of that. */
    async "campaigns.changed"({ data: { id, enabled } }, { session }) {
      await setCampaignEnabled(id, enabled, session);
    },
    /** Also for a channel that was made while its campaign was being disabled. */
    async "campaigns.channelsSet"({ data: { id, enabled } }, { session }) {
      if (enabled !== undefined) await setCampaignEnabled(id, enabled, session);
    },
    /** The conversation says that an attachment was deleted, when and by whom (D16). */
    async "files.deleted"({ data: { id, ownerKind, ownerId }, actor, at }, { session }) {
      if (ownerKind !== "interaction" || !ownerId) return;
      await markDeleted(ownerId, { id, deletedAt: at, deletedBy: actor.id }, session);
    },
  },
  started() {
    receiving.start(this.broker as unknown as Broker);
  },
  stopped: () => receiving.stop(),
});
