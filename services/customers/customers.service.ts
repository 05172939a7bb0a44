/** Customers: the persons and companies our cases are about, and how they are reached. */
import { actorOf } from "#shared/actor.ts";
import type { Meta } from "#shared/bus.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { implement } from "#shared/service.ts";
import { block, unblock } from "./block-list.ts";
import * as blockList from "./block-list.store.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import { resolve } from "./resolve.ts";
import { soughtWords } from "./search-words.rules.ts";

export default implement("customers", {
  actions: {
    create: (ctx) =>
      write("customers", ctx, async (tx) => {
        const created = rules.create(ctx.params, { id: newId(), newId, ...stamp(ctx) });
        const { id, kind, version } = created;
        await store.insert(created, rules.lookupsOf(created), tx.session);

        tx.announce({
          event: "customers.created",
          aggregate: { kind: "customer", id, version },
          changes: rules.changesBetween(undefined, created),
          data: { id, kind },
        });
        return created;
      }),

    list(ctx) {
      const { q, ...search } = ctx.params;
      const words = q === undefined ? undefined : soughtWords(q);
      // what holds no word, such as "%", finds nobody rather than everybody
      if (words?.length === 0) return { items: [], nextCursor: null };

      return store.list({ words, ...search });
    },

    get: (ctx) => store.get(ctx.params.id),

    change: (ctx) =>
      write("customers", ctx, async (tx) => {
        const { id, version, ...changes } = ctx.params;
        const current = await store.get(id, tx.session);
        if (current.version !== version) throw stale("customer", id, current.version);
        const changed = rules.change(current, changes, stamp(ctx));
        if (changed === current) return current;
        await store.replace(changed, rules.lookupsOf(changed), tx.session);

        tx.announce({
          event: "customers.changed",
          aggregate: { kind: "customer", id, version: changed.version },
          changes: rules.changesBetween(current, changed),
          data: { id },
        });
        return changed;
      }),

    addContactPoint: (ctx) =>
      write("customers", ctx, async (tx) => {
        const { id, ...given } = ctx.params;
        const current = await store.get(id, tx.session);
        const added = { ...given, id: newId() };
        const { customer, point } = rules.addContactPoint(current, added, stamp(ctx));
        await store.replace(customer, rules.lookupsOf(customer), tx.session);

        tx.announce({
          event: "customers.contactPointAdded",
          aggregate: { kind: "customer", id, version: customer.version },
          changes: rules.changesBetween(current, customer),
          data: { id, contactPointId: point.id, type: point.type },
        });
        return point;
      }),

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
});

const stamp = (ctx: { meta: Meta }) => ({ at: new Date(), by: actorOf(ctx).id });
