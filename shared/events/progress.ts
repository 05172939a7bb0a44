/** How far a service has come while it handles several events at once. */
import type { Message } from "./incoming.ts";
import type { Position } from "./positions.ts";

export interface Progress {
  readonly begin: (message: Message) => void;
  readonly finish: (message: Message) => void;
  /** All up to its `sequence` is done; undefined as long as nothing is new. */
  readonly news: () => Position | undefined;
}

export function trackProgress(): Progress {
  const inHand = new Set<number>();
  let last: Message | undefined;
  let told = 0;

  return {
    begin: (message) => {
      inHand.add(message.sequence);
      last = message;
    },
    finish: ({ sequence }) => void inHand.delete(sequence),
    news: () => {
      if (!last) return undefined;
      const { born, id, sequence: furthest } = last;
      const [first = furthest + 1] = inHand; // a set keeps the order of insertion: the lowest
      if (first - 1 === told) return undefined;
      told = first - 1;
      return { born, sequence: told, seen: { sequence: furthest, id } };
    },
  };
}
