/** How lists of cases are put together: whose they are, and of which parts (D13, G03). Pure. */
import type { Contracts, Request } from "#shared/bus.ts";
import { aside, type SoughtWord } from "./search.rules.ts";

export type Params = Request<Contracts["cases"]["actions"]["list"]>;

/** Where a text is found: the case with the number; else where all words are in names and titles; the rest. */
export type Match = "number" | "named" | "told";

/** How a case with these words answers a search; undefined where it does not. */
export function matchOf(
  words: readonly string[],
  sought: readonly SoughtWord[],
): Match | undefined {
  const starts = (start: string) => words.some((word) => word.startsWith(start));
  const isNumber = ({ number }: SoughtWord) => number !== undefined && words.includes(number);
  const isNamed = ({ prefix }: SoughtWord) => prefix !== undefined && starts(prefix);
  const isTold = ({ prefix }: SoughtWord) => prefix !== undefined && starts(aside + prefix);
  if (!sought.every((one) => isNumber(one) || isNamed(one) || isTold(one))) return undefined;
  if (sought.some(isNumber)) return "number";
  return sought.every(isNamed) ? "named" : "told";
}

/** What a list is asked for; the search text already read, empty where it holds no word. */
export type Asked = Omit<Params, "q" | "due" | "interactionId" | "cursor"> & {
  cursor?: string | undefined;
  /** Those of these cases alone. */
  ids?: readonly string[];
  sought?: readonly SoughtWord[];
  match?: Match;
};

/** The orders that one index gives each; the others are made of parts. */
export type PlainSort = Exclude<Params["sort"], "relevance" | "priority" | "flag"> | "-flagged";
export type PlainAsked = Omit<Asked, "sort"> & { sort: PlainSort };

/** In place of a campaign's id: every one that the user sees. */
const all = "all";

type Meant = Pick<Params, "campaignId" | "customerId" | "interactionId" | "q">;

/**
 * The campaigns of a list: those that are named; where nothing says which cases are meant, the one
 * that the user works in (G03). Undefined is every one that the user sees.
 */
export function campaignsOf(
  { campaignId: named, customerId, interactionId, q }: Meant,
  current: string | undefined,
): string[] | undefined {
  if (named) return named.includes(all) ? undefined : named;
  const isMeant = customerId ?? interactionId ?? q;
  return isMeant !== undefined || !current ? undefined : [current];
}

/** Whether it depends on the campaign that the user works in. */
export const needsCurrent = (asked: Meant): boolean =>
  campaignsOf(asked, "current") !== undefined && !asked.campaignId;

/** Next actions whose time has come, or not, as a range of times. */
export function withDue({ due, ...asked }: Omit<Params, "q" | "interactionId">, now: Date): Asked {
  if (due === undefined) return asked;
  const { nextActionFrom: from, nextActionTo: to } = asked;
  return due
    ? { ...asked, nextActionTo: to && to < now ? to : now }
    : { ...asked, nextActionFrom: from && from > now ? from : new Date(now.getTime() + 1) };
}

const priorities = ["high", "medium", "low"] as const;

/** The parts that a list is made of, each in an order of its own, one after the other. */
export function partsOf({ sort, ...asked }: Asked): PlainAsked[] {
  const newest = { ...asked, sort: "-created" as const };
  switch (sort) {
    case "priority":
      return priorities
        .filter((one) => asked.priority?.includes(one) ?? true)
        .map((one) => ({ ...newest, priority: [one] }));
    case "flag":
      return [
        { ...asked, flag: true, sort: "-flagged" as const },
        { ...newest, flag: false },
      ].filter(({ flag }) => asked.flag === undefined || asked.flag === flag);
    case "relevance":
      return matchesOf(asked.sought).map((match) => ({ ...newest, ...match }));
    default:
      return [{ ...asked, sort }];
  }
}

function matchesOf(sought: Asked["sought"]): { match?: Match }[] {
  if (!sought || sought.length === 0) return [{}];
  const hasNumber = sought.some(({ number }) => number !== undefined);
  const hasWords = sought.some(({ prefix }) => prefix !== undefined);
  return [
    ...(hasNumber ? [{ match: "number" as const }] : []),
    ...(hasWords ? [{ match: "named" as const }, { match: "told" as const }] : []),
  ];
}
