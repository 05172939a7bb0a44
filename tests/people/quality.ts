/** How well pairs of customers are told to be one person, counted over labelled customers. */
import type { Labelled } from "./population.ts";

export interface Found {
  id: string;
  likelySame: boolean;
}

export interface Quality {
  /** True pairs of a first record and a duplicate of it, each seen from both sides. */
  pairs: number;
  /** Of those said to be likely the same, the share who are. */
  precision: number;
  /** Of the true ones, the share said to be likely the same. */
  recall: number;
  /** Of the true ones, the share among the first five found. */
  amongFirstFive: number;
  /**
   * The recall of all true pairs: two duplicates of one record may have nothing in common but the
   * name, and then nobody could tell.
   */
  recallOfAll: number;
}

/** What each labelled customer's search found, best first, against what is known of it. */
export async function qualityOf(
  labelled: readonly Labelled[],
  search: (one: Labelled) => Promise<readonly Found[]> | readonly Found[],
): Promise<Quality> {
  const byId = new Map(labelled.map((one) => [one.customer.id, one]));
  const known = labelled.filter(({ person }) => person !== undefined);
  const people = Map.groupBy(known, ({ person }) => person);
  const count = { pairs: 0, all: 0, said: 0, right: 0, rightOfPairs: 0, early: 0 };
  for (const one of known) {
    const found = await search(one);
    const isSame = ({ id }: Found) => byId.get(id)?.person === one.person;
    const isPair = (it: Found) => isSame(it) && (one.first || byId.get(it.id)?.first === true);
    const likely = found.filter(({ likelySame }) => likelySame);
    const others = (people.get(one.person)?.length ?? 1) - 1;
    count.pairs += one.first ? others : 1;
    count.all += others;
    count.said += likely.length;
    count.right += likely.filter(isSame).length;
    count.rightOfPairs += likely.filter(isPair).length;
    count.early += found.slice(0, 5).filter(isPair).length;
  }
  return {
    pairs: count.pairs,
    precision: count.right / count.said,
    recall: count.rightOfPairs / count.pairs,
    amongFirstFive: count.early / count.pairs,
    recallOfAll: count.right / count.all,
  };
}
