/** Customers: the persons and companies our cases are about, and how they are reached. */
import type { Lease } from "#shared/events/lease.ts";
import { implement } from "#shared/service.ts";
import { accounts } from "./accounts.ts";
import { block, unblock } from "./block-list.ts";
import * as blockList from "./block-list.store.ts";
import { contactPoints } from "./contact-points.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import { leadingOn } from "./leading-on.ts";
import { heard, mergeListeners, merging } from "./merge.ts";
import { goneAmong } from "./merges.store.ts";
import { documentTypes, makeFirstDocumentTypes } from "./document-types.ts";
import { owners } from "./owners.ts";
import { dashboard } from "./dashboard.ts";
import { startBackfill } from "./likeness-backfill.ts";
import { lists } from "./lists.ts";
import { profile } from "./profile.ts";
import { relations } from "./relations.ts";
import { resolve } from "./resolve.ts";
import { similar, usedWeights } from "./similar.ts";

/** Of each service that runs here; tests have several in one process. */
const backfills = new WeakMap<object, Lease>();

export default implement("customers", {
  actions: {
    ...profile,
    ...lists,
    ...contactPoints,
    ...leadingOn({ ...accounts, ...relations }),
    ...owners,
    ...documentTypes,
    ...dashboard,
    ...similar,
    ...merging,

    resolve: (ctx) => resolve(ctx.params.senders, ctx.meta),

    block,

    unblock,

    listBlocked: (ctx) => blockList.list(ctx.params),

    async describe(ctx) {
      const found = await store.describe(ctx.params.ids);
      const there = new Set(found.map(({ id }) => id));
      const gone = await goneAmong(ctx.params.ids.filter((id) => !there.has(id)));
      return [
        ...found.map(rules.described),
        ...gone.map(({ customer, mergedInto }) => ({ ...rules.described(customer), mergedInto })),
      ];
    },
  },

  events: mergeListeners,
  eventsRepeatable: { "interactions.received": heard },

  async started() {
    usedWeights(); // a wrong setting stops the start
    await makeFirstDocumentTypes();
    backfills.set(this, startBackfill(this.logger));
  },

  async stopped() {
    await backfills.get(this)?.stop();
  },
});
