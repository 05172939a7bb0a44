/** The search for similar customers by the service's own rules, without a database. */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { likenessKeysOf, soughtKeysOf } from "../../services/customers/likeness.rules.ts";
import {
  comparable,
  likeness,
  mostPerKey,
  nearest,
  type Comparable,
  type Reached,
} from "../../services/customers/similarity.rules.ts";
import type { Weights } from "../../services/customers/similarity-weights.rules.ts";
import type { Found } from "./quality.ts";

export interface InMemory {
  /** The customers that share the most and rarest keys with this one. */
  candidates: (customer: Customer) => Reached[];
  comparableOf: (id: string) => Comparable;
  /** Those like this one, best first. */
  search: (customer: Customer, weights: Weights, likelyFrom: number) => Found[];
}

const most = 300;

export function inMemory(customers: readonly Customer[]): InMemory {
  const rows = customers
    .flatMap((customer) => likenessKeysOf(customer).map((key) => ({ key, id: customer.id })))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const prepared = new Map(customers.map((customer) => [customer.id, comparable(customer)]));

  const candidates = (customer: Customer) => {
    const hits = soughtKeysOf(customer).map((key) => ({ key, ids: startingWith(key) }));
    return nearest(hits, { most, own: customer.id });
  };
  const comparableOf = (id: string) => prepared.get(id) as Comparable;
  const search = (customer: Customer, weights: Weights, likelyFrom: number) =>
    candidates(customer)
      .map(({ id, namesakes }) => {
        const other = { ...comparableOf(id), namesakes };
        return { id, ...likeness(comparableOf(customer.id), other, weights) };
      })
      .toSorted((a, b) => b.evidence - a.evidence)
      .map(({ id, similarity }) => ({ id, likelySame: similarity >= likelyFrom }));
  return { candidates, comparableOf, search };

  function startingWith(prefix: string): string[] {
    const ids = new Set<string>();
    for (const { id } of rows.slice(placeOf(rows, prefix), placeOf(rows, `${prefix}\uffff`))) {
      ids.add(id);
      if (ids.size === mostPerKey) break;
    }
    return [...ids];
  }
}

interface Row {
  key: string;
  id: string;
}

/** The place of the first row that is not before the key. */
function placeOf(rows: readonly Row[], key: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as Row).key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
