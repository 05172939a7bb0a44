/**
 * How likely two customers are one person, by the model of Fellegi and Sunter: each field that both
 * have agrees on some level, each level has a weight, in bits of evidence for or against, and their
 * sum decides (F035, F036). What one of both does not have says nothing.
 */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { readAddress } from "#shared/contact-points.rules.ts";
import { compact } from "#shared/folding.rules.ts";
import {
  compareBirths,
  compareDocuments,
  compareMailboxes,
  comparePhones,
  strongest,
  type Compared,
  type Document,
  type Mailbox,
} from "./compared-facts.rules.ts";
import { compareNames, nameWord, type NameWord } from "./compared-names.rules.ts";
import { documentDigits, isOfNames, mailboxOf, phoneDigits } from "./likeness.rules.ts";
import { nameWordsOf } from "./name-words.rules.ts";
import type { MatchedField, Weights } from "./similarity-weights.rules.ts";

/** What of a customer is compared, prepared once for many comparisons. */
export interface Comparable {
  names: NameWord[];
  birthDate: string | undefined;
  document: Document | undefined;
  mailboxes: Mailbox[];
  phones: string[];
  /** Keys of social and other addresses. */
  handles: string[];
}

export function comparable(customer: Customer): Comparable {
  const digits = documentDigits(customer);
  const points = customer.contactPoints;
  const ofType = (...types: string[]) => points.filter(({ type }) => types.includes(type));
  return {
    names: nameWordsOf(customer).map(nameWord),
    birthDate: customer.birthDate ?? undefined,
    document: digits ? { type: compact(customer.documentType ?? ""), digits } : undefined,
    mailboxes: ofType("email").map(({ value }) => mailboxOf(value)),
    phones: ofType("phone", "mobile").map(({ value }) => phoneDigits(value)),
    handles: ofType("social", "other").flatMap(({ type, value, label }) => {
      const address = readAddress({ type, value, network: label });
      return "key" in address && address.key ? [address.key] : [];
    }),
  };
}

/** Each field that both have: on which level it agrees, and how near it is from 0 to 100. */
export type Agreement = { field: MatchedField } & Compared<string>;

export function agreements(one: Comparable, other: Comparable): Agreement[] {
  const compared: [MatchedField, Compared<string> | undefined][] = [
    ["name", compareNames(one.names, other.names)],
    ["birthDate", compareBirths(one.birthDate, other.birthDate)],
    ["documentNumber", compareDocuments(one.document, other.document)],
    ["email", strongest(one.mailboxes, other.mailboxes, compareMailboxes)],
    ["phone", strongest(one.phones, other.phones, comparePhones)],
    ["social", sharedHandle(one.handles, other.handles)],
  ];
  const agreed = compared.flatMap(([field, found]) => (found ? [{ field, ...found }] : []));
  return agreed.every((one) => one.field !== "name" || tells(one)) ? agreed : asOfRelatives(agreed);
}

const contactFields: readonly MatchedField[] = ["phone", "email", "social"];

/** A family that shares one way to be reached shares the others as well: the first says it all. */
function asOfRelatives(agreed: Agreement[]): Agreement[] {
  const shared = ({ field, score }: Agreement) => contactFields.includes(field) && score > 0;
  const telling = contactFields.find((field) =>
    agreed.some((one) => one.field === field && shared(one)),
  );
  return agreed.filter((one) => !shared(one) || one.field === telling);
}

/** Whether no word of the names speaks against it. */
export const tells = ({ level }: { level: string }): boolean => !/^(clash|none)/.test(level);

/** People have several handles: another one says nothing. */
const sharedHandle = (ones: string[], others: string[]): Compared<"same"> | undefined => {
  const theirs = new Set(others);
  return ones.some((one) => theirs.has(one)) ? { level: "same", score: 100 } : undefined;
};

export interface Likeness {
  /** 0 to 100. */
  similarity: number;
  /** The fields that speak for it, the strongest first, and how near each is from 0 to 100. */
  matched: { field: MatchedField; score: number }[];
  /** The evidence in bits; orders what has the same percentage. */
  evidence: number;
}

/** Bits of evidence that double the odds as shown: a percentage that is not all 0 and 100. */
const bitsToDouble = 2;

/**
 * How alike two customers are. The fewer share their name, the more it tells: in a small list, and
 * for a rare name, it is nearly enough.
 */
export function likeness(
  one: Comparable,
  other: Comparable & Partial<Reached>,
  weights: Weights,
): Likeness {
  const rarity = (weights["name.rare"] ?? 0) * halvings(other.namesakes);
  const weighed = agreements(one, other).map((agreement) => {
    const weight = weights[`${agreement.field}.${agreement.level}`] ?? 0;
    return {
      ...agreement,
      weight: agreement.field === "name" && tells(agreement) ? weight + rarity : weight,
    };
  });
  const sum = weighed.reduce((total, { weight }) => total + weight, weights["prior"] ?? 0);
  return {
    similarity: Math.round(100 / (1 + 2 ** (-sum / bitsToDouble))),
    matched: weighed
      .filter(({ weight }) => weight > 0)
      .toSorted((a, b) => b.weight - a.weight)
      .map(({ field, score }) => ({ field, score })),
    evidence: sum,
  };
}

/** A customer that shares keys with the one in question. */
export interface Reached {
  id: string;
  /**
   * How many share the sounds of its name, itself and the one in question too; at most 100. Where
   * a slip keeps it from sounding alike, about as many as are called like the one in question.
   */
  namesakes: number;
}

/** Customers that one key may lead to; of those with a common key, only some are looked at. */
export const mostPerKey = 100;

/** How often the namesakes there may be would have to be halved to come down to these. */
export const halvings = (namesakes = mostPerKey): number =>
  Math.log2(mostPerKey / Math.max(2, Math.min(namesakes, mostPerKey)));

/** A key that led to as many as it may leads to many more. */
const commonHits = 1_000;

/** Those who share the most and the rarest keys, at most `most`. */
export function nearest(
  hits: readonly { key: string; ids: readonly string[] }[],
  { own, most }: { own: string; most: number },
): Reached[] {
  const reached = new Map<string, { rarity: number; namesakes: number | undefined }>();
  for (const { key, ids } of hits) {
    const shared = ids.length < mostPerKey ? ids.length : commonHits;
    const rarity = Math.log2((2 * commonHits) / shared);
    const namesakes = isOfNames(key) ? ids.length : undefined;
    for (const id of ids) {
      const before = reached.get(id) ?? { rarity: 0, namesakes: undefined };
      reached.set(id, {
        rarity: before.rarity + rarity,
        namesakes: fewer(before.namesakes, namesakes),
      });
    }
  }
  const ownNamesakes = reached.get(own)?.namesakes ?? mostPerKey;
  // a name with a slip may look rarer than it is: half way to the most there may be
  const otherwise = Math.sqrt(Math.max(2, ownNamesakes) * mostPerKey);
  reached.delete(own);
  return [...reached]
    .toSorted(([, a], [, b]) => b.rarity - a.rarity)
    .slice(0, most)
    .map(([id, { namesakes = otherwise }]) => ({ id, namesakes }));
}

const fewer = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
