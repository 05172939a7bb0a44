/** What a list of cases can be narrowed by, as conditions for MongoDB (G03, D12, D13). */
import type { Filter } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import type { Kept } from "#shared/mongo/store.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import type { Asked, Match, Params } from "./lists.rules.ts";
import { aside, sortKeyOf, subjectWordsIn, type SoughtWord } from "./search.rules.ts";
import type { KeptCase } from "./tables.store.ts";

export type Condition = Record<string, unknown>;

/** What cases are narrowed by, without order. */
export type Narrowed = Omit<Asked, "sort" | "limit" | "cursor" | "count">;

const active: Case["status"][] = ["new", "open", "transferred", "escalated"];
const states = { active, closed: ["closed"] } satisfies Record<
  NonNullable<Params["state"]>,
  Case["status"][]
>;

/** The statuses that are asked for, by themselves or by the state over them (D12). */
export function statusesOf({ state, status }: Pick<Asked, "state" | "status">): Case["status"][] {
  const ofState = state ? states[state] : [...states.active, ...states.closed];
  return status ? ofState.filter((one) => status.includes(one)) : ofState;
}

/** Whether active ones, closed ones or both are asked for. */
export const activesOf = (asked: Pick<Asked, "state" | "status">): boolean[] => {
  const statuses = statusesOf(asked);
  return [
    ...(statuses.some((one) => one !== "closed") ? [true] : []),
    ...(statuses.includes("closed") ? [false] : []),
  ];
};

export function filterOf(asked: Narrowed, visible: Visible): Filter<Kept<KeptCase>> {
  const conditions: Condition[] = [
    visible,
    ...(asked.state || asked.status ? [{ status: { $in: statusesOf(asked) } }] : []),
    ...among("_id", asked.ids),
    ...among("campaignId", asked.campaignId),
    ...(asked.customerId ? [ofCustomers(asked.customerId)] : []),
    ...among("priority", asked.priority),
    ...among("caseTypeId", asked.caseTypeId),
    ...among("channelId", asked.channelId),
    ...(asked.tag ?? []).map(withTag),
    ...assigned(asked),
    ...created(asked),
    ...nextAction(asked),
    ...marked(asked),
    ...texts(asked),
  ];
  return { $and: conditions };
}

const marked = ({ flag, followUp }: Narrowed): Condition[] => [
  ...(flag === undefined ? [] : [flag ? flagged : { flag: null }]),
  ...(followUp === undefined ? [] : [followUps[followUp]]),
];

/** Whether an e-mail that follows up has gone out (F133, D12). */
const followUps = {
  pending: { followUpSentAt: null },
  sent: { followUpSentAt: { $gt: new Date(0) } },
} satisfies Record<"pending" | "sent", Condition>;

const texts = ({ from, subject, sought, match }: Narrowed): Condition[] => [
  ...(from ? [sentBy(from)] : []),
  ...(subject ? ofSubject(subject) : []),
  ...(sought ? containing(sought, match) : []),
];

/** The cases of customers: the one place that knows what makes a case theirs. */
export const ofCustomers = (ids: readonly string[]): Condition => ({
  customerId: { $in: [...ids] },
});

/** Put such that MongoDB enters by the tag that leads, if one does: it takes one of them only. */
const withTag = (tags: string): Condition => ({ $nor: [{ $nor: [{ tags }] }] });

export const flagged: Condition = { "flag.at": { $gt: new Date(0) } };

const among = (field: string, values: readonly string[] | undefined): Condition[] =>
  values ? [{ [field]: { $in: values } }] : [];

/** Some assignees, those without one, or both (G03). */
function assigned({ assigneeId, unassigned }: Narrowed): Condition[] {
  if (unassigned === true) return [{ assigneeId: { $in: [...(assigneeId ?? []), null] } }];
  return [
    ...among("assigneeId", assigneeId),
    ...(unassigned === false ? [{ assigneeId: { $ne: null } }] : []),
  ];
}

/** From and to, both included. */
const between = (from?: Date, to?: Date): Condition | undefined =>
  from || to ? { ...(from ? { $gte: from } : {}), ...(to ? { $lte: to } : {}) } : undefined;

export function created({
  createdFrom,
  createdTo,
}: Pick<Asked, "createdFrom" | "createdTo">): Condition[] {
  const range = between(createdFrom, createdTo);
  return range ? [{ createdAt: range }] : [];
}

export function nextAction({
  nextActionFrom,
  nextActionTo,
}: Pick<Asked, "nextActionFrom" | "nextActionTo">): Condition[] {
  const range = between(nextActionFrom, nextActionTo);
  return range ? [{ nextActionAt: range }] : [];
}

/** Whose address begins like this; whatever else a pattern might mean is escaped. */
export const sentBy = (from: string): Condition => ({
  sortFrom: {
    $regex: `^${sortKeyOf(from).replaceAll(/[^\p{L}\p{N}\p{M}\s]/gu, String.raw`\$&`)}`,
  },
});

/** Words are letters and digits: safe in an expression. */
function ofSubject(text: string): Condition[] {
  const words = subjectWordsIn(text);
  return words.length === 0
    ? [nothing]
    : words.map((word) => ({ sortSubject: { $regex: String.raw`(?<![\p{L}\p{N}])${word}` } }));
}

const nothing: Condition = { _id: { $in: [] } };

/** Of a name, a document or a title. */
export const wordStarting = (prefix: string): Condition => ({
  searchWords: { $regex: `^${prefix}` },
});

const anywhere = ({ number, prefix }: SoughtWord): Condition => ({
  searchWords: {
    $in: [
      ...(number ? [number] : []),
      ...(prefix ? [new RegExp(`^${prefix}`, "u"), new RegExp(`^${aside}${prefix}`, "u")] : []),
    ],
  },
});

/** A text without a word finds nothing. */
function containing(sought: readonly SoughtWord[], match: Match | undefined): Condition[] {
  if (sought.length === 0) return [nothing];
  const numbers = sought.flatMap(({ number }) => number ?? []);
  const byNumber = { searchWords: { $in: numbers } };
  const byName = sought.map(({ prefix }) => (prefix ? wordStarting(prefix) : nothing));
  const all = sought.map(anywhere);
  switch (match) {
    case undefined:
      return all;
    case "number":
      return [byNumber, ...all];
    case "named":
      return [...byName, ...(numbers.length > 0 ? [{ $nor: [byNumber] }] : [])];
    case "told":
      return [...all, { $nor: [byNumber, { $and: byName }] }];
  }
}
