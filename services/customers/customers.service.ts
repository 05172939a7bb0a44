/** Customers: the persons and companies our cases are about, and how they are reached. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { runJobs, stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { accounts } from "./accounts.ts";
import { block, unblock } from "./block-list.ts";
import * as blockList from "./block-list.store.ts";
import { completeness } from "./completeness.ts";
import { contactPoints } from "./contact-points.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import { startErasing } from "./erasing.ts";
import { holdings } from "./holdings.ts";
import { legalHolds, privacy } from "./privacy.ts";
import { leadingOn } from "./leading-on.ts";
import { heard, mergeListeners, merging } from "./merge.ts";
import { goneAmong } from "./merges.store.ts";
import { documentTypes, makeFirstDocumentTypes } from "./document-types.ts";
import { owners } from "./owners.ts";
import { dashboard } from "./dashboard.ts";
import { startBackfill } from "./likeness-backfill.ts";
import { importing } from "./imports.ts";
import { lists } from "./lists.ts";
import { profile } from "./profile.ts";
import { relations } from "./relations.ts";
import { resolve } from "./resolve.ts";
import { similar, usedWeights } from "./similar.ts";

export default implement("customers", {
  actions: {
    ...profile,
    ...lists,
    ...contactPoints,
    ...privacy,
    ...legalHolds,
    ...holdings,
    ...announcer("customers"),
    ...leadingOn({ ...accounts, ...relations }),
    ...owners,
    ...documentTypes,
    ...dashboard,
    ...similar,
    ...merging,
    ...completeness,
    ...importing,

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
  eventsRepeatable: {
    "interactions.received": heard,
    "interactions.reported": heard,
    "interactions.queued": heard,
  },

  async started() {
    usedWeights(); // a wrong setting stops the start
    await makeFirstDocumentTypes();
    runJobs(
      this,
      startBackfill(this.logger),
      startErasing(this.broker as unknown as Broker, this.logger),
    );
  },

  stopped() {
    return stopJobs(this);
  },
});
