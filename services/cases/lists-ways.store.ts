/** The ways to the cases of a list: walks in its order, and what leads to them in none. */
import type { SortKey } from "#shared/mongo/pages.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import {
  activesOf,
  created,
  flagged,
  nextAction,
  sentBy,
  statusesOf,
  wordStarting,
  type Condition,
} from "./lists-filters.store.ts";
import type { PlainAsked, PlainSort } from "./lists.rules.ts";
import { awaitingRank, closedLine, lineOfAgent, ranks } from "./lines.rules.ts";
import { aside, subjectWordsIn } from "./search.rules.ts";
import { entries } from "./tables.store.ts";

/** What of a user's sight a list goes by (`scopes.ts`). */
export interface ListSight {
  visible: Visible;
  readable: Visible;
  campaignIds?: readonly string[];
  lines?: readonly string[];
}

/** A list with the campaigns that it is of. */
export type Placed = PlainAsked & { campaigns: readonly string[] };

/** A way through one index. */
export interface Way {
  /** The index, by name. */
  entry: string;
  /** What bounds it, besides `points`. */
  conditions: Condition[];
  /**
   * Values of the first fields of the index; what has one of each comes in the list's order.
   * MongoDB merges 200 such orders at a time.
   */
  points: Record<string, readonly unknown[]>;
  /** Whether cases come in the list's order this way. */
  isWalk: boolean;
}

const keyed = (field: string, way: 1 | -1): readonly SortKey[] => [
  [field, way],
  ["_id", way],
];

export const sorts: Record<PlainSort, { keys: readonly SortKey[]; entry: string }> = {
  "-created": { keys: keyed("createdAt", -1), entry: entries.created },
  created: { keys: keyed("createdAt", 1), entry: entries.created },
  "-updated": { keys: keyed("updatedAt", -1), entry: entries.updated },
  updated: { keys: keyed("updatedAt", 1), entry: entries.updated },
  "-lastCustomerUpdate": {
    keys: keyed("lastCustomerUpdateAt", -1),
    entry: entries.lastCustomerUpdate,
  },
  lastCustomerUpdate: {
    keys: keyed("lastCustomerUpdateAt", 1),
    entry: entries.lastCustomerUpdate,
  },
  from: { keys: keyed("sortFrom", 1), entry: entries.from },
  "-from": { keys: keyed("sortFrom", -1), entry: entries.from },
  subject: { keys: keyed("sortSubject", 1), entry: entries.subject },
  "-subject": { keys: keyed("sortSubject", -1), entry: entries.subject },
  "-flagged": { keys: keyed("flag.at", -1), entry: entries.flag },
};

const isByCreation = ({ sort }: PlainAsked): boolean => sorts[sort].entry === entries.created;

/** The cases in the list's order, among as few as an index gives in it. */
export function walkOf(asked: Placed, { lines }: Pick<ListSight, "lines">): Way {
  const { entry } = sorts[asked.sort];
  if (isByCreation(asked)) {
    const lead = leadsInOrder(asked, lines)[0];
    if (lead) return lead;
    return { ...byLife(asked), isWalk: true };
  }
  const campaignId = asked.campaigns;
  if (entry === entries.flag) {
    return { entry, points: { campaignId }, conditions: [flagged], isWalk: true };
  }
  return { ...ofCampaigns(asked, entry), conditions: fromIn(asked, entry), isWalk: true };
}

const ofCampaigns = (asked: Placed, entry: string): Way => ({
  entry,
  points: { campaignId: asked.campaigns, active: activesOf(asked) },
  conditions: [],
  isWalk: false,
});

const fromIn = ({ from }: Placed, entry: string): Condition[] =>
  from && entry === entries.from ? [sentBy(from)] : [];

const byLife = (asked: Placed): Way => ({
  entry: entries.created,
  points: {
    campaignId: asked.campaigns,
    status: statusesOf(asked),
    priority: asked.priority ?? Object.keys(ranks),
  },
  conditions: created(asked),
  isWalk: isByCreation(asked),
});

/** What leads to the cases asked for, of each filter that an index knows, the walk apart. */
export const leadsOf = (asked: Placed, { lines }: Pick<ListSight, "lines">, walk: Way): Way[] =>
  [
    ...leadsInOrder(asked, lines),
    ...wordLeads(asked),
    ...ofNobody(asked),
    ...byId(asked),
    ...rareLeads(asked),
  ].filter((way) => way.entry !== walk.entry || leading(way) !== leading(walk));

/** What tells apart the ways through one index. */
const leading = ({ points }: Way): string => String(points["line"] ?? points["tags"]);

/** Those of one who has them, of those lines that an agent sees, of a type, and with a tag. */
function leadsInOrder(asked: Placed, lines: ListSight["lines"]): Way[] {
  const { caseTypeId, tag = [], campaigns: campaignId } = asked;
  const common = { conditions: created(asked), isWalk: isByCreation(asked) };
  const line = linesIn(asked, lines);
  const ofType = { caseTypeId: caseTypeId ?? [], active: activesOf(asked) };
  return [
    ...(line ? [{ ...common, entry: entries.line, points: { line, rank: ranksOf(asked) } }] : []),
    ...(caseTypeId ? [{ ...common, entry: entries.caseType, points: ofType }] : []),
    ...tag.map((one) => ({
      ...{ ...common, entry: entries.tag },
      points: { tags: [one], campaignId, active: activesOf(asked) },
    })),
  ];
}

function linesIn(asked: Placed, seen: ListSight["lines"]): string[] | undefined {
  const { assigneeId, unassigned } = asked;
  if (assigneeId && unassigned !== true) return assigneeId.flatMap(linesOf(asked));
  return seen?.filter((line) => isAskedFor(asked, line));
}

/** Those of the priorities that are asked for, and that in which cases of any priority stand. */
const ranksOf = ({ priority }: Placed): number[] => [
  ...(priority ?? (Object.keys(ranks) as (keyof typeof ranks)[])).map((one) => ranks[one]),
  awaitingRank,
];

const linesOf = (asked: Placed) => (userId: string) => inStates(asked, lineOfAgent(userId));

/** A line among the active, the closed, or both. */
const inStates = (asked: Placed, line: string): string[] =>
  activesOf(asked).map((isActive) => (isActive ? line : closedLine(line)));

const isAskedFor = (asked: Placed, line: string): boolean =>
  activesOf(asked).includes(!line.startsWith(closedLine("")));

/** Looked up: in no list's order. */
const lookUp = (entry: string, ...conditions: Condition[]): Way => ({
  ...{ entry, conditions, points: {}, isWalk: false },
});

const byId = ({ ids }: Placed): Way[] =>
  ids ? [lookUp(entries.id, { _id: { $in: [...ids] } })] : [];

function wordLeads({ sought = [], match, subject }: Placed): Way[] {
  const ofSubject = subject ? subjectWordsIn(subject) : [];
  const named = ofSubject.map((word) => lookUp(entries.words, wordStarting(word)));
  if (match === "number") {
    const numbers = sought.flatMap(({ number }) => number ?? []);
    return [lookUp(entries.words, { searchWords: { $in: numbers } }), ...named];
  }
  const told = sought.flatMap(({ prefix }) =>
    prefix ? new RegExp(`^${aside}${prefix}`, "u") : [],
  );
  // what is in no name or title has one of the words in its description alone
  const aparts = match === "told" ? [lookUp(entries.words, { searchWords: { $in: told } })] : [];
  const searched = sought.map(({ number, prefix }) =>
    lookUp(entries.words, {
      searchWords: {
        $in: [
          ...(number && !match ? [number] : []),
          ...(prefix ? [new RegExp(`^${prefix}`, "u")] : []),
          ...(prefix && match !== "named" ? [new RegExp(`^${aside}${prefix}`, "u")] : []),
        ],
      },
    }),
  );
  return [...aparts, ...searched, ...named];
}

/** As many campaigns as are looked through for who waits in their queues. */
const mostQueues = 50;

/** Those that nobody has, or anybody. */
function ofNobody(asked: Placed): Way[] {
  const { unassigned, assigneeId = [], campaigns } = asked;
  if (unassigned === undefined || campaigns.length > mostQueues) return [];
  const starts = unassigned ? campaigns.map((id) => `queue|${id}|`) : ["user|"];
  const lines = [
    ...starts.flatMap((start) => inStates(asked, start)).map(lineStarting),
    ...(unassigned ? assigneeId.flatMap(linesOf(asked)) : []),
  ];
  return [lookUp(entries.line, { line: { $in: lines } })];
}

const lineStarting = (start: string): RegExp => new RegExp(`^${start.replaceAll("|", "\\|")}`);

/** What few cases have, or what is few of them where another order is asked for. */
function rareLeads(asked: Placed): Way[] {
  const { campaigns, from, sort } = asked;
  const due = nextAction(asked);
  const ofThese = { campaignId: { $in: campaigns } };
  const isOtherwise = from !== undefined && sorts[sort].entry !== entries.from;
  return [
    ...ofFlag(asked, ofThese),
    ...(due.length > 0 ? [lookUp(entries.nextAction, ofThese, ...due)] : []),
    ...(isOtherwise ? [{ ...ofCampaigns(asked, entries.from), conditions: [sentBy(from)] }] : []),
    ...(isOfLife(asked) && !isByCreation(asked) ? [byLife(asked)] : []),
  ];
}

const ofFlag = ({ flag, sort }: Placed, ofThese: Condition): Way[] =>
  flag && sort !== "-flagged" ? [lookUp(entries.flag, ofThese, flagged)] : [];

/** Whether it is narrowed by what the index of creation begins with. */
const isOfLife = (asked: Placed): boolean =>
  Boolean(asked.status ?? asked.priority) || created(asked).length > 0;
