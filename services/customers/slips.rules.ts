/** How near two words or numbers are to one another, and whether a slip of the hand explains it. */
import { jaroWinkler } from "@skyra/jaro-winkler";
import { distance } from "fastest-levenshtein";

/** Whether one is the other with two characters that stand together changed over. */
export function isSwap(one: string, other: string): boolean {
  if (one.length !== other.length || one === other) return false;
  const first = Array.from(one).findIndex((_, place) => one[place] !== other[place]);
  return (
    one[first] === other[first + 1] &&
    one[first + 1] === other[first] &&
    one.slice(first + 2) === other.slice(first + 2)
  );
}

/** Whether one character was left out, added, mistaken, or changed over with the next. */
export const isSlip = (one: string, other: string): boolean =>
  Math.abs(one.length - other.length) <= 1 && (isSwap(one, other) || distance(one, other) === 1);

/** From 0 (nothing alike) to 1 (the same), by Jaro and Winkler. */
export const nearness = (one: string, other: string): number =>
  one === other ? 1 : jaroWinkler(one, other);
