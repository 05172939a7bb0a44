/** The words of a customer's name, as two customers are compared by them: folded, without fillers. */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { compact, cut, fold } from "#shared/folding.rules.ts";

type Named = Pick<
  Customer,
  "firstName" | "middleName" | "lastName" | "secondLastName" | "businessName"
>;

const mostWords = 8;
const longestWord = 40;

/** What stands between names, or after those of companies, and is left out as often as not. */
const fillers = new Set(
  (
    "de del la las los el y e i da das do dos di van von der den the of and " +
    "sl slu sa sau sas srl cb ltda ltd llc llp inc corp co plc gmbh ag bv"
  ).split(" "),
);

/**
 * The words of all parts of a name in their order, at most 8: "Mª José de la O'Brien-García" has
 * "ma", "jose", "obrien" and "garcia". Fillers count only where there is nothing else.
 */
export function nameWordsOf(customer: Named): string[] {
  const { firstName, middleName, lastName, secondLastName, businessName } = customer;
  const all = [firstName, middleName, lastName, secondLastName, businessName]
    .flatMap((part) => (part ? fold(part).split(/[^\p{L}\p{N}.'’`´]+/u) : []))
    .map((word) => cut(compact(word), longestWord))
    .filter((word) => word !== "");
  const telling = all.filter((word) => !fillers.has(word));
  return (telling.length > 0 ? telling : all).slice(0, mostWords);
}

/** Letters that sound alike in Spanish and English, or are written for one another. */
const sounds: [written: RegExp, sound: string][] = [
  [/ph/g, "f"],
  [/ck|qu|q/g, "k"],
  [/ch/g, "x"],
  [/c(?=[eiy])/g, "s"],
  [/c/g, "k"],
  [/g(?=[eiy])/g, "j"],
  [/z/g, "s"],
  [/v|w/g, "b"],
  [/ll|y/g, "i"],
  [/h/g, ""],
];
const codeLength = 4;

/**
 * How a word sounds, in at most four letters: its first one and the consonants after it, so that
 * "Jiménez", "Gimenez" and "Jimenes" have one code. A word without Latin letters is its beginning.
 */
export function soundOf(word: string): string {
  const sounded = sounds.reduce((text, [written, sound]) => text.replaceAll(written, sound), word);
  const consonants = sounded.slice(1).replaceAll(/[aeiou]/g, "");
  const code = (sounded.slice(0, 1) + consonants).replaceAll(/(.)\1+/gu, "$1");
  return cut(code || word, codeLength);
}
