/** How much the names of two customers agree, in whatever order and number their parts come. */
import { distance } from "fastest-levenshtein";
import { soundOf } from "./name-words.rules.ts";
import { isSlip, nearness } from "./slips.rules.ts";

/** A word and how it sounds. */
export interface NameWord {
  word: string;
  sound: string;
}

export const nameWord = (word: string): NameWord => ({ word, sound: soundOf(word) });

/**
 * - `three`, `two`, `one`: so many words agree (three or more) and none speaks against it; what
 *   only one of both has was left out. `…Near`: some of them with slips
 * - `clashNear`: a word of each finds no other, but those left over look alike: more than one slip
 * - `clash`: two or more agree, and a word of each is another: relatives, mostly
 * - `clashMore`: one agrees, or more words of each find no other
 * - `none`: no word agrees
 */
export type NameLevel =
  | "three"
  | "threeNear"
  | "two"
  | "twoNear"
  | "one"
  | "oneNear"
  | "clashNear"
  | "clash"
  | "clashMore"
  | "none";

interface Met {
  place: number;
  other: number;
  nearness: number;
}

/** @returns the level, and how near the names are from 0 to 100; nothing where one has no name */
export function compareNames(
  ones: readonly NameWord[],
  others: readonly NameWord[],
): { level: NameLevel; score: number } | undefined {
  if (ones.length === 0 || others.length === 0) return undefined;
  const met = bestMeetings(ones, others);
  const sum = met.reduce((total, one) => total + one.nearness, 0);
  const fewer = Math.min(ones.length, others.length);
  const clashes = fewer - met.length;
  // what one of both has beside the other counts a little: it may have been left out
  const beside = Math.abs(ones.length - others.length);
  const score = Math.round((100 * sum) / (fewer + beside / 8));
  const level = levelOf(met, clashes);
  const alike = clashes === 1 && met.length > 0 && leftOverAlike(ones, others, met);
  return { level: alike ? "clashNear" : level, score };
}

const counted = ["none", "one", "two", "three"] as const;

function levelOf(met: Met[], clashes: number): NameLevel {
  const agreeing = counted[Math.min(met.length, 3)] ?? "none";
  if (agreeing === "none") return agreeing;
  if (clashes > 0) return clashes === 1 && met.length > 1 ? "clash" : "clashMore";
  return met.some(({ nearness: how }) => how < 1) ? `${agreeing}Near` : agreeing;
}

const alikeFrom = 0.8;

/** Whether the words that found no other are at least somewhat alike. */
function leftOverAlike(
  ones: readonly NameWord[],
  others: readonly NameWord[],
  met: readonly Met[],
): boolean {
  const left = ones.filter((_, at) => !met.some(({ place }) => place === at));
  const right = others.filter((_, at) => !met.some(({ other }) => other === at));
  return left.some((one) =>
    right.some(
      (other) =>
        !isOtherGender(one.word, other.word) && nearness(one.word, other.word) >= alikeFrom,
    ),
  );
}

/** Which word is which, the nearest first; each is one of the other side at most. */
function bestMeetings(ones: readonly NameWord[], others: readonly NameWord[]): Met[] {
  const possible = ones
    .flatMap((one, place) =>
      others.map((word, other) => ({ place, other, nearness: sameness(one, word) })),
    )
    .filter(({ nearness: how }) => how > 0)
    .toSorted((a, b) => b.nearness - a.nearness);
  const met: Met[] = [];
  for (const meeting of possible) {
    const taken = met.some(
      ({ place, other }) => place === meeting.place || other === meeting.other,
    );
    if (!taken) met.push(meeting);
  }
  return met;
}

const initialNearness = 0.9;

/** How near two words are if they may be one, else 0. */
function sameness(one: NameWord, other: NameWord): number {
  const [a, b] = [one.word, other.word];
  if (a === b) return 1;
  if (Math.min(a.length, b.length) === 1) return a[0] === b[0] ? initialNearness : 0;
  return !isOtherGender(a, b) && mayBeOne(one, other) ? Math.min(0.99, nearness(a, b)) : 0;
}

/** Slips tell little in short words: "Ana" and "Eva" are two names. */
const shortestSlipped = 4;
const longEnoughForTwo = 8;

function mayBeOne(one: NameWord, other: NameWord): boolean {
  const [a, b] = [one.word, other.word];
  const shorter = Math.min(a.length, b.length);
  if (shorter < shortestSlipped) return false;
  if (isSlip(a, b)) return true;
  const alike = shorter >= longEnoughForTwo || one.sound === other.sound;
  return alike && distance(a, b) <= 2;
}

/** "Mario" and "Maria", "Juan" and "Juana" are brother and sister, not a slip. */
function isOtherGender(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const stem = long.slice(0, -1);
  return long.endsWith("a")
    ? short === stem || short === `${stem}o` || short === `${stem}e`
    : short.endsWith("a") && long === `${short.slice(0, -1)}o`;
}
