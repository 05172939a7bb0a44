/**
 * Keys by which customers who may be one person meet (F035), so that only few are compared of a
 * million. A customer is kept under whole keys and sought by their beginnings, the narrow and the
 * wide ones: one entry of the index then answers several questions, and a first message, which
 * brings a name of two words and one contact point, costs two entries.
 *
 * | kept                                   | sought by                                   | bears                  |
 * | -------------------------------------- | ------------------------------------------- | ---------------------- |
 * | `n:` sounds of two names `\|` year     | both with the year; both                    | order, lost parts      |
 * | `f:` sounds of all names               | the whole                                   | order, common names    |
 * | `b:` year, day and month in order      | the whole                                   | day and month swapped  |
 * | `d:` document; `r:` from its end       | the whole; each half                        | a slip in either half  |
 * | `t:` three characters, the rest sorted | the whole                                   | transposed digits      |
 * | `p:` phone from its end                | the last eight digits                       | country codes          |
 * | `e:` e-mail                            | the whole; what stands before the "@"       | another provider       |
 * | `s:` other addresses                   | the whole                                   |                        |
 */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { readAddress } from "#shared/contact-points.rules.ts";
import { compact, cut } from "#shared/folding.rules.ts";
import { nameWordsOf, soundOf } from "./name-words.rules.ts";

/** A customer that was merged into another is found no more. */
export type Likened = Customer & { mergedInto?: string };

const longestKey = 80;
const mostContactPoints = 40;
const mostKeys = 60;
/** Beginnings that one search asks for at most. */
const mostSought = 60;

/** The keys that a customer is kept under: none for who shall not be found. */
export function likenessKeysOf(customer: Likened): string[] {
  if (customer.disabled || customer.mergedInto) return [];
  const keys = [
    ...keptNames(customer),
    ...birthKeys(customer),
    ...keptDocument(customer),
    ...contactsOf(customer, ({ kept }) => kept),
  ];
  return unique(keys).slice(0, mostKeys);
}

/** The beginnings of keys that lead to customers like this one. */
export function soughtKeysOf(customer: Customer): string[] {
  const keys = [
    ...contactsOf(customer, ({ sought }) => sought).slice(0, mostSought / 2),
    ...soughtDocument(customer),
    ...birthKeys(customer),
    ...soughtNames(customer),
  ];
  return unique(keys).slice(0, mostSought);
}

const unique = (keys: string[]): string[] => [...new Set(keys.map((key) => cut(key, longestKey)))];

// ── Names ────────────────────────────────────────────────────────────────────

/** Of four names, those that people go by: first or middle with a last one, and both last ones. */
const pairsOfFour = [
  [0, 2],
  [1, 2],
  [0, 3],
  [2, 3],
] as const;
const mostNames = 4;

function keptNames(customer: Customer): string[] {
  const names = soundsOf(customer);
  const [only] = names;
  if (names.length === 1 && only) return [`n:${only} |`];
  const year = yearOf(customer);
  const pairs =
    names.length === mostNames
      ? pairsOfFour.map(([one, other]) => pairOf(names[one] ?? "", names[other] ?? ""))
      : allPairs(names);
  return [...pairs.map((pair) => `n:${pair}|${year}`), ...wholeName(names)];
}

function soughtNames(customer: Customer): string[] {
  const names = soundsOf(customer);
  const year = yearOf(customer);
  const pairs = allPairs(names);
  return [
    ...wholeName(names),
    ...(year ? pairs.map((pair) => `n:${pair}|${year}`) : []),
    ...pairs.map((pair) => `n:${pair}|`),
    ...names.map((name) => `n:${name} |`),
    ...(names.length === 1 ? names.map((name) => `n:${name} `) : []),
  ];
}

/** Whether a sought key is of names alone, without the year. */
export const isOfNames = (key: string): boolean => /^[nf]:.*\|$/u.test(key);

/** The sounds of up to four names, of more the longest; initials only where there is nothing else. */
function soundsOf(customer: Customer): string[] {
  const words = nameWordsOf(customer);
  const long = words.filter((word) => word.length > 1);
  const telling = long.length > 0 ? long : words;
  const longest = new Set(telling.toSorted((a, b) => b.length - a.length).slice(0, mostNames));
  return telling
    .filter((word) => longest.has(word))
    .slice(0, mostNames)
    .map(soundOf);
}

const allPairs = (names: string[]): string[] =>
  names.flatMap((one, place) => names.slice(place + 1).map((other) => pairOf(one, other)));

const pairOf = (one: string, other: string): string => [one, other].toSorted().join(" ");

/** Two names are their only pair. */
const wholeName = (names: string[]): string[] =>
  names.length > 2 ? [`f:${names.toSorted().join(" ")}|`] : [];

const yearOf = ({ birthDate }: Customer): string => birthDate?.slice(0, 4) ?? "";

// ── Birth date and document ──────────────────────────────────────────────────

function birthKeys({ birthDate }: Customer): string[] {
  const [year = "", month = "", day = ""] = birthDate?.split("-") ?? [];
  return year ? [`b:${year} ${[month, day].toSorted().join(" ")}`] : [];
}

const reversed = (text: string): string => Array.from(text).toReversed().join("");

/** Its digits, where it has some: check letters come and go. */
export function documentDigits({ documentNumber }: Pick<Customer, "documentNumber">): string {
  const whole = compact(documentNumber ?? "");
  const digits = whole.replaceAll(/\D/g, "");
  return digits.length >= 4 ? digits : whole;
}

function keptDocument(customer: Customer): string[] {
  const digits = documentDigits(customer);
  return digits ? [`d:${digits}|`, `r:${reversed(digits)}|`, sortedDocument(digits)] : [];
}

function soughtDocument(customer: Customer): string[] {
  const digits = documentDigits(customer);
  if (!digits) return [];
  const half = Math.ceil(digits.length / 2);
  const halves = [`d:${digits.slice(0, half)}`, `r:${reversed(digits).slice(0, half)}`];
  return [`d:${digits}|`, sortedDocument(digits), ...(half > 2 ? halves : [])];
}

/** Its beginning as it is, so that not all numbers of the same digits come together. */
const sortedDocument = (digits: string): string =>
  `t:${digits.slice(0, 3)} ${Array.from(digits.slice(3)).toSorted().join("")}|`;

// ── Contact points ───────────────────────────────────────────────────────────

interface ContactKeys {
  kept: string[];
  sought: string[];
}

const contactsOf = (customer: Customer, which: (keys: ContactKeys) => string[]): string[] =>
  customer.contactPoints.slice(0, mostContactPoints).flatMap((point) => which(keysOf(point)));

function keysOf({ type, value, label }: Customer["contactPoints"][number]): ContactKeys {
  if (type === "email") {
    const { name, domain } = mailboxOf(value);
    return { kept: [`e:${name}@${domain}|`], sought: [`e:${name}@${domain}|`, `e:${name}@`] };
  }
  if (type === "phone" || type === "mobile") {
    const backwards = reversed(phoneDigits(value));
    return { kept: [`p:${backwards}|`], sought: [`p:${backwards.slice(0, 8)}`] };
  }
  const address = readAddress({ type, value, network: label });
  const key = "key" in address && address.key ? [`s:${address.key}|`] : [];
  return { kept: key, sought: key };
}

/** An e-mail's name without dots and what follows a "+", which lead to the same mailbox. */
export function mailboxOf(value: string): { name: string; domain: string } {
  const at = value.lastIndexOf("@");
  const [name = ""] = value.slice(0, at).split("+");
  return { name: compact(name) || name, domain: value.slice(at + 1).toLowerCase() };
}

/** The digits of a phone as it is kept, in E.164, without its extension. */
export const phoneDigits = (value: string): string =>
  (value.split(";")[0] ?? "").replaceAll(/\D/g, "");
