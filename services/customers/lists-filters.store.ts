/** What a list of customers can be narrowed by, and which of it leads to the customers. */
import type { Asked } from "./lists.store.ts";
import { entries } from "./tables.store.ts";

export type Condition = Record<string, unknown>;

/** A condition that an index leads to. */
export interface Lead {
  condition: Condition;
  /** The index, by name. */
  entry: string;
  /** The index whose order customers come in this way; none where they come in no list's order. */
  order?: string;
}

/** Ids are made just before their customers. */
const idSlackMs = 60_000;

/** Everything that leads to the customers asked for. */
export function leadsOf(asked: Asked): Lead[] {
  const { sought, tag = [], ownerId, kind, disabled } = asked;
  const one = { order: entries.id };
  return [
    ...(sought?.pairs ?? []).map((pair) => ({ ...one, ...byWords({ $in: pair }) })),
    ...(sought?.leading ?? []).map((word) => byWords(startingWith(word))),
    ...tag.map((tags) => ({ ...one, condition: { tags }, entry: entries.tags })),
    ...(ownerId ? [{ ...one, condition: ownedBy(ownerId), entry: entries.owners }] : []),
    ...(kind === "company" ? [{ ...one, condition: { kind }, entry: entries.companies }] : []),
    ...(disabled === "true"
      ? [{ ...one, condition: { disabled: true }, entry: entries.disabled }]
      : []),
    ...ranges(asked).map(({ entry, ...range }) => ({ ...range, entry, order: entry })),
  ];
}

const byWords = (searchWords: Condition): Lead => ({
  condition: { searchWords },
  entry: entries.words,
});

const ownedBy = (userId: string): Condition => ({ "owners.userId": userId });

/** A plain prefix: whatever else a pattern might mean is escaped, so that the index is entered. */
const startingWith = (word: string): Condition => ({
  $regex: `^${word.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)}`,
});

function ranges(asked: Asked): { condition: Condition; entry: string }[] {
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
 * Every condition but that customers are enabled. Those on the lead's own field are put such that
 * MongoDB does not weigh them as ways in, which takes long where all are common.
 */
export function conditionsOf(asked: Asked, lead?: Lead): Condition[] {
  const { sought, tag = [], ownerId, kind } = asked;
  const created = between(asked.createdFrom, asked.createdTo);
  const sifting = [
    ...(sought?.words ?? []).map((word) => ({ searchWords: startingWith(word) })),
    ...tag.map((tags) => ({ tags })),
  ].filter((condition) => !lead || !isSame(condition, lead.condition));
  return [
    ...(lead ? [lead.condition] : []),
    ...sifting.map(aside),
    ...(ownerId ? [ownedBy(ownerId)] : []),
    ...(kind ? [{ kind }] : []),
    ...ranges(asked).map(({ condition }) => condition),
    ...(created ? [{ createdAt: created }] : []),
  ].filter((condition, place, all) => all.findIndex((one) => isSame(one, condition)) === place);
}

const isSame = (one: Condition, other: Condition): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const aside = (condition: Condition): Condition => ({ $nor: [{ $nor: [condition] }] });
