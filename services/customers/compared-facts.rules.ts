/** How much birth dates, documents and contact points of two customers agree. */
import { isSlip, isSwap, nearness } from "./slips.rules.ts";

/** How two values stand to one another, and how near they are from 0 to 100. */
export interface Compared<L extends string> {
  level: L;
  score: number;
}

/** Agreement of the strongest kind that a list of kinds finds. */
type Kinds<L extends string> = readonly [level: L, holds: boolean, score: number][];

function firstOf<L extends string>(kinds: Kinds<L>, otherwise: Compared<L>): Compared<L> {
  const found = kinds.find(([, holds]) => holds);
  return found ? { level: found[0], score: found[2] } : otherwise;
}

/** `swapped`: day and month; `near`: one digit; `part`: two of day, month and year. */
export type BirthLevel = "same" | "swapped" | "near" | "part" | "other";

/** Of two days, `YYYY-MM-DD`. */
export function compareBirths(one?: string, other?: string): Compared<BirthLevel> | undefined {
  if (!one || !other) return undefined;
  const [a, b] = [one.split("-"), other.split("-")];
  const equal = a.filter((part, place) => part === b[place]).length;
  const swapped = a[0] === b[0] && a[1] === b[2] && a[2] === b[1];
  return firstOf<BirthLevel>(
    [
      ["same", one === other, 100],
      ["swapped", swapped, 90],
      ["near", isSlip(one, other), 85],
      ["part", equal === 2, 50],
    ],
    { level: "other", score: 0 },
  );
}

export interface Document {
  /** Folded; missing where there is none. */
  type: string | undefined;
  digits: string;
}

/** `near`: one slip, or two digits changed over; `otherKind`: of another type, and different. */
export type DocumentLevel = "same" | "near" | "other" | "otherKind";

const shortestNumber = 5;

export function compareDocuments(
  one: Document | undefined,
  other: Document | undefined,
): Compared<DocumentLevel> | undefined {
  if (!one || !other) return undefined;
  const near =
    Math.min(one.digits.length, other.digits.length) >= shortestNumber &&
    isSlip(one.digits, other.digits);
  return firstOf<DocumentLevel>(
    [
      ["same", one.digits === other.digits, 100],
      ["near", near, isSwap(one.digits, other.digits) ? 95 : 90],
      ["otherKind", one.type !== other.type, 0],
    ],
    { level: "other", score: 0 },
  );
}

export interface Mailbox {
  name: string;
  domain: string;
}

/** `name`: the same before the "@"; `near`: one slip in it. */
export type EmailLevel = "same" | "name" | "near" | "other";

/** Names of mailboxes that say what they are for and not whose. */
const shared = new Set(
  (
    "info contact contacto hello hola mail correo office oficina admin sales ventas support " +
    "soporte ayuda help billing facturacion service servicio noreply"
  ).split(" "),
);
const shortestName = 5;

export const compareMailboxes = (one: Mailbox, other: Mailbox): Compared<EmailLevel> => {
  const domain = one.domain === other.domain;
  const telling = one.name.length >= shortestName && !shared.has(one.name);
  const score = Math.round(100 * nearness(one.name, other.name));
  return firstOf<EmailLevel>(
    [
      ["same", domain && one.name === other.name, 100],
      ["name", telling && one.name === other.name, 85],
      ["near", telling && isSlip(one.name, other.name), domain ? score : score - 10],
    ],
    { level: "other", score: 0 },
  );
};

/** `near`: one digit wrong, or two changed over. */
export type PhoneLevel = "same" | "near" | "other";

/** Where the country is told otherwise, the last digits are still the phone's. */
const lastDigits = 9;

/** Of two numbers in E.164, digits only. */
export function comparePhones(one: string, other: string): Compared<PhoneLevel> {
  const ends = Math.min(one.length, other.length) >= lastDigits;
  return firstOf<PhoneLevel>(
    [
      ["same", one === other, 100],
      ["same", ends && one.slice(-lastDigits) === other.slice(-lastDigits), 95],
      ["near", ends && isSlip(one, other), 85],
    ],
    { level: "other", score: 0 },
  );
}

/** The strongest agreement among the values of both; only the first few of many are looked at. */
export function strongest<T, L extends string>(
  ones: readonly T[],
  others: readonly T[],
  compare: (one: T, other: T) => Compared<L>,
): Compared<L> | undefined {
  let best: Compared<L> | undefined;
  for (const one of ones.slice(0, mostValues)) {
    for (const other of others.slice(0, mostValues)) {
      const compared = compare(one, other);
      if (!best || compared.score > best.score) best = compared;
    }
  }
  return best;
}

const mostValues = 12;
