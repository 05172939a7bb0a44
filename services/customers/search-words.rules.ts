/** Finding customers by the beginning of words: what is kept for it, how a search is read (G18). */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { searchableTexts } from "#shared/contact-points.rules.ts";
import { compact, cut, fold } from "#shared/folding.rules.ts";

/** A longer word is kept, and looked for, by its beginning. */
const longestWord = 40;
const mostWords = 200;
const mostSought = 6;

type Searched = Pick<
  Customer,
  | "firstName"
  | "middleName"
  | "lastName"
  | "secondLastName"
  | "businessName"
  | "documentNumber"
  | "contactPoints"
>;

/**
 * The folded words of names, business name, document number and contact values, in this order, at
 * most 200. "O'Brien" is found by "o'brien", "brien" and "obrien"; "ada.l@example.com" by the
 * beginning of the whole and by the words before the "@".
 */
export function searchWordsOf(customer: Searched): string[] {
  const { firstName, middleName, lastName, secondLastName, businessName } = customer;
  const texts = [
    ...[firstName, middleName, lastName, secondLastName, businessName, customer.documentNumber],
    ...customer.contactPoints.flatMap(searchableTexts),
  ];
  const words = texts.flatMap((text) => (text ? keptWords(text) : []));
  const bounded = words.map((word) => cut(word, longestWord)).filter((word) => word !== "");
  return [...new Set(bounded)].slice(0, mostWords);
}

/** An account's number is kept by at most so many words; one whole word is the usual. */
const mostAccountWords = 6;

/** What a customer is found by for one of its accounts: the number whole, and its parts (F028). */
export function accountWordsOf(number: string): string[] {
  const words = [compact(number), ...keptWords(number)].map((word) => cut(word, longestWord));
  return [...new Set(words)].filter((word) => word !== "").slice(0, mostAccountWords);
}

/**
 * The beginnings of words that a search asks for, all of them wanted, of which the first six count.
 * A text of digits, however grouped, is one word: a phone or a document. Nothing that can be
 * sought, such as "%", is an empty answer.
 */
export function soughtWords(q: string): string[] {
  const folded = fold(q).trim();
  const chunks = /^[+\d\s()./-]+$/.test(folded) ? [compact(folded)] : folded.split(/\s+/u);
  const words = chunks.flatMap(soughtIn).map((word) => cut(word, longestWord));
  return [...new Set(words)].filter((word) => word !== "").slice(0, mostSought);
}

function soughtIn(chunk: string): string[] {
  const word = chunk.replace(/^@+/, "");
  if (word.includes("@")) return [word];
  return /\d/.test(word) ? [compact(word)] : partsOf(word);
}

/** Whatever form of a chunk `soughtIn` may ask for is kept. */
function keptWords(text: string): string[] {
  return fold(text)
    .split(/\s+/u)
    .flatMap((chunk) => {
      const word = chunk.replace(/^@+/, "");
      const at = word.lastIndexOf("@");
      const name = at > 0 ? word.slice(0, at) : word;
      return [...(at > 0 ? [word] : []), compact(name), ...partsOf(name)];
    });
}

const partsOf = (word: string): string[] => word.match(/[\p{L}\p{N}]+/gu) ?? [];
