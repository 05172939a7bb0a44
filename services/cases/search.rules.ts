/** Finding and sorting cases by the words in them: what is kept for it, how a search is read (F127). */
import type { Case } from "#shared/contracts/cases.ts";
import { cut, fold } from "#shared/folding.rules.ts";

type Searched = Pick<
  Case,
  | "number"
  | "subject"
  | "description"
  | "customerName"
  | "customerDocument"
  | "mergedInto"
  | "absorbed"
>;

/** A word beyond this many characters is kept, and looked for, by its beginning. */
const longestWord = 30;
/** Each word costs the intake an entry in the index: few of those that are no name, number or title. */
const mostWords = { customerName: 12, customerDocument: 6, subject: 30, description: 8 };
const mostSearched = 8;

/** A number is kept apart from the words, so that it is found whole and not by its beginning. */
const numberWord = (digits: number | string): string => `#${BigInt(digits)}`;

/** Before a word that is in the description alone: it finds the case, but not before the others. */
export const aside = "~";

/**
 * The words by which a case is found: its number, those of the cases that were merged into it, and
 * the folded words of the customer's name and document, of the subject, and the first ones of the
 * description; at most 57 beside the numbers of up to 100 merged cases (F127). A case that was
 * merged itself is found by none: its number finds the one that it leads to (D03).
 */
export function searchWordsOf(kase: Searched): string[] {
  if (kase.mergedInto) return [];
  const numbers = [kase, ...(kase.absorbed ?? [])].map(({ number }) => numberWord(number));
  const words = [
    ...wordsOf(kase.customerName, mostWords.customerName),
    ...wordsOf(kase.customerDocument, mostWords.customerDocument),
    ...wordsOf(kase.subject, mostWords.subject),
  ];
  const told = wordsOf(kase.description, mostWords.description)
    .filter((word) => !words.includes(word))
    .map((word) => aside + word);
  return [...new Set([...numbers, ...words, ...told])];
}

const longestKey = 60;

/** What lists sort senders and subjects by: their beginning, without case and accents (D13). */
export const sortKeyOf = (text: string): string => cut(fold(text).trim(), longestKey);

export interface SortKeys {
  sortFrom?: string;
  sortSubject?: string;
}

export const sortKeysOf = ({ from, subject }: Pick<Case, "from" | "subject">): SortKeys => ({
  ...(from ? { sortFrom: sortKeyOf(from) } : {}),
  ...(subject ? { sortSubject: sortKeyOf(subject) } : {}),
});

/** Everything that a case is found and sorted by. */
export interface FoundBy extends SortKeys {
  searchWords: string[];
}

export const foundBy = (kase: Searched & Pick<Case, "from">): FoundBy => ({
  searchWords: searchWordsOf(kase),
  ...sortKeysOf(kase),
});

/** The words of a text that a case's subject is to have. */
export const subjectWordsIn = (text: string): string[] => wordsOf(text, mostSearched);

/** One word of a search: the case's words must hold `number`, or one that begins with `prefix`. */
export interface SoughtWord {
  readonly number?: string;
  readonly prefix?: string;
}

/**
 * What a search text asks for; a case must match every word, of which the first eight count.
 * Digits mean a case number or a beginning (of a document, say); `#12` means the number alone.
 * Nothing that can be sought, such as `%`, is an empty answer.
 */
export function soughtIn(text: string): SoughtWord[] {
  const hashed = [...text.slice(0, 400).matchAll(/#(\d{1,16})(?!\d)/g)].map(([, digits = ""]) => ({
    number: numberWord(digits),
  }));
  const words = wordsOf(text.replaceAll(/#\d{1,16}(?!\d)/g, " "), mostSearched).map((prefix) =>
    /^\d{1,16}$/.test(prefix) ? { prefix, number: numberWord(prefix) } : { prefix },
  );
  return [...hashed, ...words].slice(0, mostSearched);
}

/** Words without case, accents and punctuation; reads no further than it needs. */
function wordsOf(text: string | undefined, most: number): string[] {
  const folded = fold((text ?? "").slice(0, most * 4 * longestWord));
  const words = new Set<string>();
  for (const [word] of folded.matchAll(/[\p{L}\p{N}]+/gu)) {
    words.add(
      Array.from(word.slice(0, 2 * longestWord))
        .slice(0, longestWord)
        .join(""),
    );
    if (words.size >= most) break;
  }
  return [...words];
}
