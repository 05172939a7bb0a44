/** The list of customers: found by words, narrowed by filters, in an order (F003, F010, G18). */
import type { Asked as AskedOf } from "./asked.ts";
import * as store from "./lists.store.ts";
import { soughtIn } from "./search-pairs.rules.ts";

/** For who waits before a screen, and for who takes a whole list away. */
const soonMs = 1_800;
const patientMs = 15_000;

export const lists = {
  async list({ params: { count, ...asked } }: AskedOf<"list">) {
    const search = read(asked);
    // what holds no word, such as "%", finds nobody rather than everybody
    if (search.sought?.words.length === 0) return nobody(count === true);

    const page = await store.list({ ...search, withinMs: soonMs });
    return count ? { ...page, total: await store.count({ ...search, withinMs: soonMs }) } : page;
  },

  async collect({ params: { countTo, ...asked } }: AskedOf<"collect">) {
    const search = { ...read(asked), withinMs: patientMs };
    if (search.sought?.words.length === 0) return nobody(countTo !== undefined);

    const page = await store.list(search);
    return countTo ? { ...page, total: await store.count(search, countTo) } : page;
  },
};

const read = <A extends { q?: string }>({ q, ...asked }: A) => ({
  ...asked,
  ...(q === undefined ? {} : { sought: soughtIn(q) }),
});

const nobody = (counted: boolean) => ({
  items: [],
  nextCursor: null,
  ...(counted ? { total: 0 } : {}),
});
