/** Cases: the unit of work; one customer, one campaign, many interactions. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { activities } from "./activities.ts";
import { agenda } from "./agenda.ts";
import { agendaLinks } from "./agenda-links.ts";
import { followNumber, unlink } from "./account-events.ts";
import * as store from "./cases.store.ts";
import { change } from "./changing.ts";
import { create } from "./creation.ts";
import { follow, replaceCustomer } from "./customer-moves.ts";
import { countOf } from "./customer-moves.store.ts";
import { file } from "./filing.ts";
import { holdings } from "./holdings.ts";
import { ofCustomer, readableCase } from "./of-customer.ts";
import { lists } from "./lists.ts";
import { leaveWithSession, presence } from "./presence.ts";
import { startReminders, stopReminders } from "./reminders.ts";
import { queues } from "./queues.ts";
import { routingEvents, startRouting, stopRouting } from "./routing-events.ts";
import { sightOf } from "./scopes.ts";
import { searchWordsOf } from "./search.rules.ts";

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
    ...activities,
    ...agenda,
    ...agendaLinks,

    async get(ctx) {
      const { readable, shown } = await sightOf(ctx);

      return shown(await store.get(ctx.params.id, readable));
    },

    async conversation(ctx) {
      const { id: asked, ...paging } = ctx.params;
      const { readable } = await sightOf(ctx);
      const { id: caseId } = await store.get(asked, readable);

      return ctx.call("channels.conversation", { caseId, ...paging });
    },

    async access(ctx) {
      const { readable, shown } = await sightOf(ctx);
      const { customerId, status, ...kase } = shown(await store.get(ctx.params.id, readable));

      return { ...readableCase(kase), customerId, closed: status === "closed" };
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
  },

  started() {
    startRouting.call(this);
    startReminders.call(this);
  },
  async stopped() {
    await stopRouting.call(this);
    await stopReminders.call(this);
  },
});
