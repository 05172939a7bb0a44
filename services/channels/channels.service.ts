/** Channels: how customers reach the company, the inbound record and the interactions. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { runJobs, stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { calls } from "./calls.ts";
import { caseListeners } from "./case-moves.ts";
import { setCampaignEnabled } from "./channels.store.ts";
import { configuration } from "./configuration.ts";
import { customerListeners } from "./customer-moves.ts";
import { delivering } from "./delivering.ts";
import { holdings } from "./holdings.ts";
import { sendMails } from "./mailing.ts";
import { ofCustomer } from "./of-customer.ts";
import { markDeleted, markDeletedInCase } from "./of-customer.store.ts";
import { reading } from "./reading.ts";
import { receiving } from "./receiving.ts";
import { templateCategories } from "./template-categories.ts";
import { templates } from "./templates.ts";
import { transcripts } from "./transcripts.ts";
import { sending } from "./sending.ts";
import { startSentSweeper } from "./sent-filing.ts";

export default implement("channels", {
  actions: {
    ...configuration,
    ...reading,
    ...announcer("channels"),
    ...holdings,
    ...ofCustomer,
    ...calls,
    ...transcripts,
    ...templates,
    ...templateCategories,
    ...sending,
    ...delivering,
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
    async "files.deleted"({ data: { id, ownerKind, ownerId, caseId }, actor, at }, { session }) {
      const deleted = { id, deletedAt: at, deletedBy: actor.id };
      if (ownerKind === "interaction" && ownerId) await markDeleted(ownerId, deleted, session);
      // a file of the case may have been sent with any of its messages
      else if (caseId) await markDeletedInCase(caseId, deleted, session);
    },
  },
  started() {
    const broker = this.broker as unknown as Broker;
    receiving.start(broker);
    runJobs(this, startSentSweeper(broker, this.logger));
    sendMails(this);
  },
  async stopped() {
    await Promise.all([receiving.stop(), stopJobs(this)]);
  },
});
