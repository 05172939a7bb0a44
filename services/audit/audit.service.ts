/** Audit: the change log of every aggregate, append-only (D18, B06). */
import type { Broker } from "#shared/bus.ts";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import { listDeadLetters, replayDeadLetter } from "#shared/events/dead-letters.ts";
import { withPersonalValues } from "#shared/events/personal-changes.ts";
import { userNames } from "#shared/neighbours.ts";
import { implement } from "#shared/service.ts";
import * as rules from "./changes.rules.ts";
import * as changes from "./changes.store.ts";

export default implement("audit", {
  actions: {
    list: (ctx) => changes.page(ctx.params),

    /** @throws 404 NOT_FOUND; 308 MOVED where the case was merged */
    async ofCase(ctx) {
      const { id: idOrNumber, ...asked } = ctx.params;
      const { id } = await ctx.call("cases.access", { id: idOrNumber });
      const page = await changes.pageOfCase(id, asked);
      const names = await userNames(ctx, rules.namelessIn(page.items));

      return { ...page, items: page.items.map((entry) => rules.named(entry, names)) };
    },

    changesOf: (ctx) => changes.pageOf(ctx.params),

    async eraseValues(ctx) {
      await changes.remember(ctx.params.aggregateIds);
      const { items, nextCursor } = await changes.pageOf({ ...ctx.params, limit: 200 });
      const blanked = items.flatMap((entry) => rules.blanked(entry) ?? []);
      await changes.blank(blanked);

      return { found: items.length, changed: blanked.length, nextCursor };
    },

    listDeadLetters: (ctx) => listDeadLetters(ctx.params),
    replayDeadLetter: (ctx) => replayDeadLetter(ctx.params.id),
  },

  everyEvent: {
    but: rules.traffic,
    /** Personal values do not travel: they are fetched, for the log shows old and new (F116, P16). */
    async take(events) {
      const told = await withPersonalValues(this.broker as unknown as Broker, events);
      const entries = told.map(rules.entryOf);
      await changes.add(entries);
      await blankErased(entries);
    },
  },
});

/**
 * Entries whose values were fetched before their person was erased, and kept after that. Whoever of
 * the two comes second, here or in `eraseValues`, finds what the other has written.
 */
async function blankErased(entries: ChangeEntry[]): Promise<void> {
  const personal = entries.filter((entry) => rules.blanked(entry));
  const gone = await changes.erasedAmong(personal.map(({ aggregateId }) => aggregateId));
  const late = personal.filter(({ aggregateId }) => gone.has(aggregateId));
  await changes.blank(late.flatMap((entry) => rules.blanked(entry) ?? []));
}
