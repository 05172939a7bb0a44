/** Which cases have to do with an interaction (F130). */
import { cases, entries, filings } from "./tables.store.ts";

/** As many cases as are made out of one interaction and still found by it. */
const mostMade = 200;

/**
 * The case that an interaction is in, with that into which it was merged, and those that were made
 * out of it by hand.
 */
export async function casesOfInteraction(interactionId: string): Promise<string[]> {
  const [filed, made] = await Promise.all([
    filings.native().findOne({ _id: interactionId }),
    cases
      .native()
      .find({ interactionId }, { projection: { _id: 1 }, hint: entries.interaction })
      .limit(mostMade)
      .toArray(),
  ]);
  const ids = [...(filed ? [filed.caseId] : []), ...made.map(({ _id }) => _id)];
  const survivors = await cases
    .native()
    .find({ _id: { $in: ids } })
    .project<{ mergedInto?: string }>({ mergedInto: 1 })
    .toArray();
  return [...new Set([...ids, ...survivors.flatMap(({ mergedInto }) => mergedInto ?? [])])];
}
