/** What a list of customers can be narrowed by, and which of it leads to the customers. */
import type { Contracts, Request } from "#shared/bus.ts";
import type { Sought } from "./search-pairs.rules.ts";
import { entries } from "./tables.store.ts";

export type Params = Request<Contracts["customers"]["actions"]["list"]>;

/** What a list is asked for; the search text already read. */
export type Asked = Omit<Params, "q" | "count"> & {
  sought?: Sought;
  /** How long MongoDB may take for a page, or a count; beyond that it is an absence (503). */
  withinMs: number;
};

export type Condition = Record<string, unknown>;

/** A condition that an index leads to. */
export interface Lead {
  condition: Condition;
  /** The index, by name. */
  entry: string;
  /** The index whose order customers come in this way; none where they come in no list's order. */
  order?: string;
}

/** Everything that leads to the customers asked for. */
export const leadsOf = (asked: Asked): Lead[] => [
  ...wordLeads(asked),
  ...equalities(asked).map((one) => ({ ...one, order: entries.id })),
  ...ranges(asked).map((range) => ({ ...range, order: range.entry })),
];

/** The words of an index are in the order of the alphabet, the customers of a pair the newest first. */
function wordLeads({ sought }: Asked): Lead[] {
  if (!sought) return [];
  const entry = entries.words;
  return [
    ...sought.pairs.map((pair) => ({
      ...{ entry, order: entries.id },
      condition: { searchWords: { $in: pair } },
    })),
    ...sought.leading.map((word) => ({ entry, condition: startingWith(word) })),
  ];
}

function equalities({ tag = [], ownerId, kind, disabled }: Asked): Lead[] {
  const all: [boolean, Lead][] = [
    ...tag.map((tags): [boolean, Lead] => [true, { condition: { tags }, entry: entries.tags }]),
    [ownerId !== undefined, { condition: { "owners.userId": ownerId }, entry: entries.owners }],
    [kind === "company", { condition: { kind }, entry: entries.companies }],
    [disabled === "true", { condition: { disabled: true }, entry: entries.disabled }],
  ];
  return all.flatMap(([isAsked, lead]) => (isAsked ? [lead] : []));
}

/** A plain prefix: whatever else a pattern might mean is escaped, so that the index is entered. */
const startingWith = (word: string): Condition => ({
  searchWords: { $regex: `^${word.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)}` },
});

function ranges(asked: Asked): Lead[] {
  const created = between(asked.createdFrom, asked.createdTo);
  const updated = between(asked.updatedFrom, asked.updatedTo);
  const last = between(asked.lastInteractionFrom, asked.lastInteractionTo);
  return [
    ...(created ? [{ condition: { _id: idsOf(asked) }, entry: entries.id }] : []),
    ...(updated ? [{ condition: { updatedAt: updated }, entry: entries.updated }] : []),
    ...(last ? [{ condition: { lastInteractionAt: last }, entry: entries.lastInteraction }] : []),
  ];
}

/** From and to, both included. */
const between = (from?: Date, to?: Date): Condition | undefined =>
  from || to ? { ...(from ? { $gte: from } : {}), ...(to ? { $lte: to } : {}) } : undefined;

/** Ids are made just before their customers, by clocks that may differ a little. */
const idSlackMs = 60_000;

/** An id begins with the time that it was made at. */
const idsOf = ({ createdFrom, createdTo }: Asked): Condition => ({
  ...(createdFrom ? { $gte: idAt(createdFrom.getTime() - idSlackMs) } : {}),
  ...(createdTo ? { $lte: idAt(createdTo.getTime() + idSlackMs) } : {}),
});

function idAt(ms: number): string {
  const time = Math.max(0, ms).toString(16).padStart(12, "0").slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/**
 * Every condition but whether customers are enabled, the lead first. Words and tags that do not
 * lead are put such that MongoDB does not weigh them as ways in, which takes long where all are
 * common.
 */
export function conditionsOf(asked: Asked, lead?: Lead): Condition[] {
  const { sought, tag = [], kind } = asked;
  const leading = lead ? [lead.condition] : [];
  const created = between(asked.createdFrom, asked.createdTo);
  const words = (sought?.words ?? []).map(startingWith);
  const others = [
    ...[...words, ...tag.map((tags) => ({ tags }))].filter(notAmong(leading)).map(aside),
    ...equalities({ ...asked, tag: [], disabled: "all" }).map(({ condition }) => condition),
    ...(kind === "person" ? [{ kind }] : []),
    ...ranges(asked).map(({ condition }) => condition),
    ...(created ? [{ createdAt: created }] : []),
  ];
  return [...leading, ...others.filter(notAmong(leading))];
}

const notAmong = (conditions: readonly Condition[]) => {
  const known = conditions.map((condition) => JSON.stringify(condition));
  return (condition: Condition): boolean => !known.includes(JSON.stringify(condition));
};

const aside = (condition: Condition): Condition => ({ $nor: [{ $nor: [condition] }] });
