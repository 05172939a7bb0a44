/** Where cases get another customer: one by hand, or all of a merged one, a batch at a time. */
import { setTimeout as pause } from "node:timers/promises";
import type { ClientSession } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import { isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import { write, type Cause, type Tx } from "#shared/mongo/write.ts";
import { caseOf } from "./cases.store.ts";
import { standingOf } from "./lines.rules.ts";
import { countMoved } from "./merged-customers.store.ts";
import { sortKeysOf } from "./search.rules.ts";
import { cases, entries, type KeptCase } from "./tables.store.ts";

/** A case, with the places that it holds or held (`KeptCase`). */
export interface Placed {
  kase: Case;
  places: Pick<KeptCase, "slot" | "formerSlot">;
  /** What does not depend on whose case it is. */
  stays: Pick<KeptCase, "reminderFor">;
}

/** A case before and after. */
export interface Replaced {
  before: Placed;
  after: Omit<Placed, "stays">;
  searchWords: string[];
  changes: { field: string; old?: unknown; new?: unknown }[];
}

const batchSize = 50;
const mostRounds = 50;

const placedOf = (kept: Kept<KeptCase>): Placed => ({
  kase: caseOf(kept),
  places: {
    ...(kept.slot === undefined ? {} : { slot: kept.slot }),
    ...(kept.formerSlot === undefined ? {} : { formerSlot: kept.formerSlot }),
  },
  stays: {
    ...(kept.reminderFor === undefined ? {} : { reminderFor: kept.reminderFor }),
  },
});

/** A case with its places, as this transaction sees it. */
export async function placed(id: string, session: ClientSession): Promise<Placed | undefined> {
  const kept = await cases.native().findOne({ _id: id }, { session });
  return kept ? placedOf(kept) : undefined;
}

/** Those of these places that an open case holds. */
export async function takenAmong(
  slots: readonly string[],
  session: ClientSession,
): Promise<Set<string>> {
  if (slots.length === 0) return new Set();
  const found = await cases
    .native()
    .find({ slot: { $in: [...slots] } }, { session, projection: { slot: 1 } })
    .toArray();
  return new Set(found.map(({ slot }) => String(slot)));
}

/** Keeps cases with their new customer, and says so of each. */
export async function keepReplaced(
  replaced: readonly Replaced[],
  mergeId: string | undefined,
  tx: Tx<"cases">,
): Promise<void> {
  await cases.native().bulkWrite(
    replaced.map(({ before, after, searchWords }) => {
      const { kase, places } = after;
      const keys = { searchWords, ...sortKeysOf(kase), ...standingOf(kase) };
      const { _id, ...kept } = keptOf<KeptCase>({
        ...{ ...kase, ...places, ...before.stays },
        ...keys,
      });
      return { replaceOne: { filter: { _id, version: before.kase.version }, replacement: kept } };
    }),
    { session: tx.session },
  );
  for (const { before, after, changes } of replaced) {
    const { id, version, customerId, interactionCount } = after.kase;
    tx.announce({
      event: "cases.customerReplaced",
      aggregate: { kind: "case", id, version },
      changes,
      data: {
        id,
        customerId,
        formerCustomerId: before.kase.customerId,
        interactionCount,
        ...(mergeId ? { mergeId } : {}),
      },
    });
  }
}

/**
 * Moves all cases of these customers, a batch in each transaction; goes on where a crash left it,
 * and twice is as once.
 */
export async function moveAll(
  from: readonly string[],
  { absorbedId, mergeId, cause }: { absorbedId: string; mergeId: string; cause: Cause },
  replace: (batch: Placed[], session: ClientSession) => Promise<Replaced[]>,
): Promise<void> {
  if (from.length === 0) return;
  while (await again(batch));

  function batch(): Promise<boolean> {
    return write("cases", cause, async (tx) => {
      const found = await cases
        .native()
        .find({ customerId: { $in: [...from] } }, { session: tx.session })
        .hint(entries.customer)
        .limit(batchSize)
        .toArray();
      if (found.length === 0) return false;
      await keepReplaced(await replace(found.map(placedOf), tx.session), mergeId, tx);
      await countMoved(absorbedId, found.length, tx.session);
      return true;
    });
  }
}

/** A message that opens a case in one of the places at the same moment makes us look again. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isDuplicate(error) || round === mostRounds) throw error;
      await pause(Math.random() * Math.min(40, 2 * round));
    }
  }
}

/** How many cases these customers have. */
export const countOf = (customerIds: readonly string[]): Promise<number> =>
  cases.native().countDocuments({ customerId: { $in: [...customerIds] } });
