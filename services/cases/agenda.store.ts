/** The next actions of an agent: those of the cases in the agent's line, by one index (F178). */
import type { Filter } from "mongodb";
import { findPage, longestMs, type Page, type SortKey } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import type { Planned } from "./agenda.rules.ts";
import { caseOf } from "./cases.store.ts";
import { lineOfAgent } from "./lines.rules.ts";
import { cases, entries, type KeptCase } from "./tables.store.ts";

const earliestFirst: readonly SortKey[] = [
  ["nextActionAt", 1],
  ["_id", 1],
];

interface Span {
  from?: Date | undefined;
  to?: Date | undefined;
}

const plannedBy = (userId: string, { from, to }: Span): Filter<Kept<KeptCase>> => ({
  line: lineOfAgent(userId),
  nextActionAt: {
    $exists: true,
    ...(from ? { $gte: from } : {}),
    ...(to ? { $lt: to } : {}),
  },
});

/** Open cases of an agent by their next action, of these times and among the visible ones. */
export async function plannedOf(
  userId: string,
  {
    limit,
    cursor,
    count,
    ...span
  }: Span & {
    limit: number;
    cursor?: string | undefined;
    count?: boolean | undefined;
  },
  visible: Visible = {},
): Promise<Page<Planned>> {
  const page = await findPage(cases.native(), {
    filter: { $and: [plannedBy(userId, span), visible] },
    sort: earliestFirst,
    hint: entries.agenda,
    ...{ limit, cursor, count },
  });
  return { ...page, items: page.items.map(caseOf) as Planned[] };
}

/** As many times as are looked at to find what overlaps. */
const mostTimes = 2_000;

/** The times of an agent's next actions, in order. */
export async function timesOf(userId: string, span: Required<Span>): Promise<Date[]> {
  const found = await cases
    .native()
    .find(plannedBy(userId, span), { hint: entries.agenda, maxTimeMS: longestMs })
    .sort({ nextActionAt: 1 })
    .limit(mostTimes)
    .project<{ nextActionAt: Date }>({ _id: 0, nextActionAt: 1 })
    .toArray();
  return found.map(({ nextActionAt }) => nextActionAt);
}
