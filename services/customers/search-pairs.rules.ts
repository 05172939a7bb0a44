/**
 * Pairs of the beginnings of words. Two common words ("maria", "garcia") each lead to a great many
 * customers; the pair of their first three letters leads to those who have both (G18).
 */
import { soughtWords } from "./search-words.rules.ts";

/** Begins no word that is kept or sought, so that pairs lie apart from words in one index. */
const mark = "&";
/** A customer with more beginnings than this makes too many pairs: it is kept under one name. */
const mostHeads = 12;
export const manyHeads = `${mark}*`;

/** Every pair of two beginnings among a customer's words, each once. */
export function pairsOf(words: readonly string[]): string[] {
  const heads = headsOf(words);
  return heads.length > mostHeads ? [manyHeads] : paired(heads);
}

/** What a search asks for: who is found has all the words. */
export interface Sought {
  readonly words: readonly string[];
  /** Whoever has all the words is kept under one name of each of these. */
  readonly pairs: readonly (readonly string[])[];
  /** The words worth looking customers up by; the others only sift those. */
  readonly leading: readonly string[];
}

/** Reads a search text; without a word, such as "%", it asks for what nobody has. */
export function soughtIn(q: string): Sought {
  const all = soughtWords(q);
  // whoever has a word with a longer beginning has the shorter one
  const words = all.filter(
    (word) => !all.some((other) => other !== word && other.startsWith(word)),
  );
  const pairs = soughtPairs(words).map((pair) => [pair, manyHeads]);
  // letters are led to by their pair; digits and addresses are rare enough alone
  const leading = pairs.length > 0 ? words.filter((word) => /[\d@]/.test(word)) : words;
  return { words, pairs, leading };
}

/**
 * The pairs that whoever has all these words is kept under, unless under `manyHeads`. Of the
 * longest words only: what they do not tell, sifting does.
 */
export const soughtPairs = (words: readonly string[]): string[] =>
  paired(headsOf(words.toSorted((a, b) => b.length - a.length).slice(0, mostPaired)));

const mostPaired = 4;

/** The first three letters of each word that begins with three letters, in order. */
const headsOf = (words: readonly string[]): string[] => [
  ...new Set(words.flatMap((word) => /^\p{L}{3}/u.exec(word)?.[0] ?? []).sort()),
];

const paired = (heads: readonly string[]): string[] =>
  heads.flatMap((first, place) =>
    heads.slice(place + 1).map((second) => `${mark}${first} ${second}`),
  );
