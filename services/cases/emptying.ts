/** Takes the content out of cases, and tells of each (B08). */
import { system } from "#shared/actor.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { empty } from "./emptying.store.ts";
import { searchWordsOf } from "./search.rules.ts";
import type { KeptCase } from "./tables.store.ts";

/** Answers how many of them still had any. */
export async function emptyCases(kept: readonly Kept<KeptCase>[]): Promise<number> {
  const ids = kept.filter((one) => !one.contentRemovedAt).map(({ _id }) => _id);
  if (ids.length === 0) return 0;
  return write("cases", { meta: { actor: system } }, async (tx) => {
    const at = new Date();
    const emptied = await empty(ids, { at, wordsOf: searchWordsOf }, tx.session);
    for (const { id, campaignId, customerId, version } of emptied) {
      tx.announce({
        event: "cases.contentRemoved",
        aggregate: { kind: "case", id, version },
        changes: [{ field: "contentRemovedAt", old: null, new: at }],
        data: { id, campaignId, customerId },
      });
    }
    return emptied.length;
  });
}
