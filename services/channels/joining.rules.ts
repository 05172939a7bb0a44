/** The conversations of two cases in one order, when the cases are merged (F094, F140, P3). Pure. */

/** An interaction at its place in the conversation of its case. */
export interface Placed {
  id: string;
  seq: number;
  at: Date;
}

/** How many interactions each case has; some may not be here yet. */
export interface Counts {
  survivorCount: number;
  absorbedCount: number;
}

/**
 * The places that the interactions of both cases get, dense from 1: by the time they came in, and
 * within a case in the order they had. A place whose interaction is not here yet is kept free behind
 * the one before it, or before the first.
 */
export function joinedOrder<P extends Placed>(
  survivor: readonly P[],
  absorbed: readonly P[],
  { survivorCount, absorbedCount }: Counts,
): { one: P; seq: number }[] {
  const [own, theirs] = [placesOf(survivor, survivorCount), placesOf(absorbed, absorbedCount)];
  const order: (P | undefined)[] = [];
  let [ahead, behind] = [0, 0];
  while (ahead < own.length || behind < theirs.length) {
    const [left, right] = [own[ahead], theirs[behind]];
    const isTheirs = !left || (right !== undefined && right.since < left.since);
    order.push((isTheirs ? right : left)?.one);
    if (isTheirs) behind += 1;
    else ahead += 1;
  }
  return order.flatMap((one, index) => (one ? [{ one, seq: index + 1 }] : []));
}

/** Every place of a conversation, with the latest time up to there: which never goes back. */
function placesOf<P extends Placed>(
  rows: readonly P[],
  count: number,
): { one: P | undefined; since: number }[] {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const [first] = rows.toSorted((one, other) => one.seq - other.seq);
  let since = first?.at.getTime() ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const one = bySeq.get(index + 1);
    since = Math.max(since, one?.at.getTime() ?? 0);
    return { one, since };
  });
}
