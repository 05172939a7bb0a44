/** Customers: the persons and companies our cases are about, and how they are reached. */
import { implement } from "#shared/service.ts";
import { block, unblock } from "./block-list.ts";
import * as blockList from "./block-list.store.ts";
import { contactPoints } from "./contact-points.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import { lists } from "./lists.ts";
import { profile } from "./profile.ts";
import { resolve } from "./resolve.ts";

export default implement("customers", {
  actions: {
    ...profile,
    ...lists,
    ...contactPoints,

    resolve: (ctx) => resolve(ctx.params.senders, ctx.meta),

    block,

    unblock,

    listBlocked: (ctx) => blockList.list(ctx.params),

    async describe(ctx) {
      const found = await store.describe(ctx.params.ids);
      return found.map((customer) => {
        const document = rules.documentOf(customer);
        const { id, displayName: name, disabled } = customer;
        return { id, name, ...(document ? { document } : {}), ...(disabled ? { disabled } : {}) };
      });
    },
  },

  eventsTogether: {
    "interactions.received": (events, { session }) =>
      store.heardFrom(new Map(events.map(({ data, at }) => [data.customerId, at])), session),
  },
});
