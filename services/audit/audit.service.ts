/** Audit: the change log of every aggregate, append-only (D18, B06). */
import { listDeadLetters, replayDeadLetter } from "#shared/events/dead-letters.ts";
import { implement } from "#shared/service.ts";
import * as rules from "./changes.rules.ts";
import * as changes from "./changes.store.ts";

export default implement("audit", {
  actions: {
    list: (ctx) => changes.page(ctx.params),
    listDeadLetters: (ctx) => listDeadLetters(ctx.params),
    replayDeadLetter: (ctx) => replayDeadLetter(ctx.params.id),
  },

  everyEvent: {
    but: rules.traffic,
    take: (events) => changes.add(events.map(rules.entryOf)),
  },
});
