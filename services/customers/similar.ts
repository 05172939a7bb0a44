/** The action that finds customers who may be the same person (F035, F036). */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { Similar } from "#shared/contracts/customers/similar.ts";
import { config } from "#shared/config.ts";
import type { Asked } from "./asked.ts";
import * as customers from "./customers.store.ts";
import { soughtKeysOf } from "./likeness.rules.ts";
import * as store from "./similar.store.ts";
import { comparable, likeness, mostPerKey, nearest, type Reached } from "./similarity.rules.ts";
import { weightsOf, type Weights } from "./similarity-weights.rules.ts";

/** Customers that are compared for one answer. */
const mostCompared = 200;
/** Comparisons in one go, before others get their turn. */
const inOneGo = 50;
/** Per cent below which nobody would call it alike. */
const least = 5;

let weights: Weights | undefined;

/**
 * The weights that are set.
 * @throws Error in one line when a setting names what is no weight
 */
export const usedWeights = (): Weights => (weights ??= weightsOf(config().SIMILARITY_WEIGHTS));

export const similar = {
  /**
   * The customers most like this one, best first; neither itself nor disabled or merged ones.
   * @throws 404 NOT_FOUND
   */
  async similar(ctx: Asked<"similar">): Promise<{ items: Similar[] }> {
    const { id, limit } = ctx.params;
    const customer = await customers.get(id);
    const hits = await store.sharing(soughtKeysOf(customer), mostPerKey);
    const reached = nearest(hits, { own: id, most: mostCompared });
    const others = await store.shown(reached.map((one) => one.id));

    return { items: await ranked(customer, others, reached, limit) };
  },
};

async function ranked(
  customer: Customer,
  others: Customer[],
  reached: Reached[],
  limit: number,
): Promise<Similar[]> {
  const own = comparable(customer);
  const byId = new Map(reached.map((one) => [one.id, one]));
  const likelyFrom = config().SIMILARITY_LIKELY_FROM;
  const found = [];
  for (const [place, other] of others.entries()) {
    if (place % inOneGo === inOneGo - 1) await nextTurn();
    const compared = { ...comparable(other), ...byId.get(other.id) };
    found.push({ customer: other, ...likeness(own, compared, usedWeights()) });
  }
  return found
    .filter(({ similarity, matched }) => similarity >= least && matched.length > 0)
    .toSorted((a, b) => b.evidence - a.evidence || (a.customer.id < b.customer.id ? -1 : 1))
    .slice(0, limit)
    .map(({ evidence: _evidence, ...one }) => ({
      ...one,
      likelySame: one.similarity >= likelyFrom,
    }));
}
