/** Customers: the persons and companies our cases are about, and how they are reached. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { block, unblock } from "./block-list.ts";
import * as blockList from "./block-list.store.ts";
import { contactPoints } from "./contact-points.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import { startErasing } from "./erasing.ts";
import { holdings } from "./holdings.ts";
import { legalHolds, privacy } from "./privacy.ts";
import { profile } from "./profile.ts";
import { resolve } from "./resolve.ts";

let erasing: ReturnType<typeof startErasing> | undefined;

export default implement("customers", {
  actions: {
    ...profile,
    ...contactPoints,
    ...privacy,
    ...legalHolds,
    ...holdings,
    ...announcer("customers"),

    resolve: (ctx) => resolve(ctx.params.senders, ctx.meta),

    block,

    unblock,

    listBlocked: (ctx) => blockList.list(ctx.params),

    async describe(ctx) {
      const found = await store.describe(ctx.params.ids);
      return found.map((customer) => {
        const document = rules.documentOf(customer);
        return { id: customer.id, name: customer.displayName, ...(document ? { document } : {}) };
      });
    },
  },

  eventsTogether: {
    "interactions.received": (events, { session }) =>
      store.heardFrom(new Map(events.map(({ data, at }) => [data.customerId, at])), session),
  },

  started() {
    erasing = startErasing(this.broker as unknown as Broker, this.logger);
  },

  async stopped() {
    await erasing?.stop();
  },
});
