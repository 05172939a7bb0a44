/** Customers: the persons and companies our cases are about, and how they are reached. */
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
import { profile } from "./profile.ts";
import { relations } from "./relations.ts";
import { resolve } from "./resolve.ts";

export default implement("customers", {
  actions: {
    ...profile,
    ...contactPoints,
    ...leadingOn({ ...accounts, ...relations }),
    ...owners,
    ...documentTypes,
    ...dashboard,
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

  started: () => makeFirstDocumentTypes(),
});
