/** Chance that can be repeated: the same seed draws the same numbers. */

export interface Chance {
  /** A whole number from 0 up to, but not with, `below`. */
  below: (below: number) => number;
  pick: <T>(from: readonly T[]) => T;
}

/** A 32-bit generator of the mulberry kind: short, and even enough to choose victims by. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[0] };
}
