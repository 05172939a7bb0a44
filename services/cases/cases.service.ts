/** Cases: the unit of work; one customer, one campaign, many interactions. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { followNumber, unlink } from "./account-events.ts";
import * as store from "./cases.store.ts";
import { change } from "./changing.ts";
import { create } from "./creation.ts";
import { file } from "./filing.ts";
import { holdings } from "./holdings.ts";
import { list } from "./lists.store.ts";
import { sightOf, visibleTo } from "./scopes.ts";
import { searchWordsOf, soughtIn } from "./search.rules.ts";

export default implement("cases", {
  actions: {
    create,
    change,
    file,
    ...announcer("cases"),
    ...holdings,

    async list(ctx) {
      const { q, ...asked } = ctx.params;
      const sought = q === undefined ? {} : { sought: soughtIn(q) };

      return list({ ...asked, ...sought }, await sightOf(ctx));
    },

    async get(ctx) {
      return store.get(ctx.params.id, await visibleTo(ctx));
    },

    async conversation(ctx) {
      const { id: asked, ...paging } = ctx.params;
      const { id: caseId } = await store.get(asked, await visibleTo(ctx));

      return ctx.call("channels.conversation", { caseId, ...paging });
    },

    async access(ctx) {
      const kase = await store.get(ctx.params.id, await visibleTo(ctx));
      const { id, campaignId, customerId, status } = kase;

      return { id, campaignId, customerId, closed: status === "closed" };
    },
  },

  events: {
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
  },
});
