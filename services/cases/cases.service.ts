/** Cases: the unit of work; one customer, one campaign, many interactions. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { runJobs, stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { activities } from "./activities.ts";
import { agenda } from "./agenda.ts";
import { agendaLinks } from "./agenda-links.ts";
import { followNumber, unlink } from "./account-events.ts";
import * as store from "./cases.store.ts";
import { bulk } from "./bulk.ts";
import { startBulk } from "./bulk-runner.ts";
import { change } from "./changing.ts";
import { drafts } from "./drafts.ts";
import { notes } from "./notes.ts";
import { closing } from "./closing.ts";
import { keepTranscript } from "./continuing.ts";
import { conversation } from "./conversation.ts";
import { create } from "./creation.ts";
import { follow, replaceCustomer } from "./customer-moves.ts";
import { countOf } from "./customer-moves.store.ts";
import { file } from "./filing.ts";
import { holdings } from "./holdings.ts";
import { ofCustomer, readableCase } from "./of-customer.ts";
import { importing } from "./imports.ts";
import { lists } from "./lists.ts";
import { leaveWithSession, presence } from "./presence.ts";
import { caseMerging, mergeListeners } from "./merge.ts";
import { followUp } from "./merging-customers.ts";
import { startReminders } from "./reminders.ts";
import { queues } from "./queues.ts";
import { relations } from "./relations.ts";
import { retention } from "./retention.ts";
import { startRetention } from "./retention-runner.ts";
import { startRouter } from "./router.ts";
import { routingEvents } from "./routing-events.ts";
import { sightOf } from "./scopes.ts";
import { searchWordsOf } from "./search.rules.ts";
import { sweeping } from "./sweeping.ts";
import { sending } from "./sending.ts";
import { markFollowedUp } from "./sending.store.ts";
import { watching } from "./watching.ts";
import { transferring } from "./transferring.ts";
import { tabs } from "./tabs.ts";
import { templates } from "./templates.ts";
import { viewOf } from "./view.ts";

export default implement("cases", {
  actions: {
    create,
    change,
    file,
    ...announcer("cases"),
    ...holdings,
    replaceCustomer,

    countOf: async (ctx) => ({ count: await countOf(ctx.params.customerIds) }),

    ...lists,
    ...ofCustomer,
    ...presence,
    ...queues,
    ...closing,
    ...transferring,
    ...bulk,
    ...importing,
    ...conversation,
    ...caseMerging,
    ...relations,
    ...activities,
    ...agenda,
    ...agendaLinks,
    ...notes,
    ...watching,
    ...drafts,

    ...tabs,
    ...retention,
    ...sweeping,
    ...templates,
    ...sending,

    async get(ctx) {
      const { id, include = [] } = ctx.params;
      const { readable, shown } = await sightOf(ctx);

      return viewOf(ctx, shown(await store.get(id, readable)), include);
    },

    async access(ctx) {
      const { readable, shown } = await sightOf(ctx);
      const { customerId, status, absorbed, ...kase } = shown(
        await store.getLedTo(ctx.params.id, readable),
      );
      const formerIds = absorbed?.map(({ id }) => id);

      return {
        ...readableCase(kase),
        customerId,
        closed: status === "closed",
        ...(formerIds ? { formerIds } : {}),
      };
    },
  },

  events: {
    "customers.merged"(event, tx) {
      return follow(this.broker as unknown as Broker, event, tx);
    },

    "customers.strayed"(event, tx) {
      return follow(this.broker as unknown as Broker, event, tx);
    },
    ...routingEvents,
    ...mergeListeners,

    async "cases.merged"(event) {
      await followUp(this.broker as unknown as Broker, event);
    },

    async "cases.continued"(event) {
      await keepTranscript(this.broker as unknown as Broker, event);
    },

    /** Cases carry a copy of the customer's name and document, and are found by it. */
    async "customers.changed"({ data: { id: customerId } }) {
      const broker = this.broker as unknown as Broker;
      const [customer] = await broker.call("customers.describe", { ids: [customerId] });
      if (!customer) return;
      const { name, document } = customer;
      const copy = { customerId, customerName: name };

      // outside the handed transaction: what is copied is the latest, and copying twice is as once
      await store.copyCustomer(
        { ...copy, ...(document ? { customerDocument: document } : {}) },
        searchWordsOf,
      );
    },

    async "customers.accountChanged"(event) {
      await followNumber(this.broker as unknown as Broker, event);
    },

    async "customers.accountDeleted"(event) {
      await unlink(this.broker as unknown as Broker, event);
    },

    "identity.disconnected": leaveWithSession,

    /** An e-mail that has gone out follows up (F133, F136). */
    async "interactions.sent"({ data: { caseId, channelType }, at }, { session }) {
      if (channelType === "email") await markFollowedUp(caseId, at, session);
    },
  },

  started() {
    const broker = this.broker as unknown as Broker;
    runJobs(
      this,
      startRouter(broker, this.logger),
      startBulk(broker, this.logger),
      startReminders(this.logger),
      startRetention(broker, this.logger),
    );
  },

  stopped() {
    return stopJobs(this);
  },
});
