/** Waiting that can be cut short: by a ring, by the time, by giving up. */

export interface Bell {
  /** Wakes the one who waits, or the next who would. */
  readonly ring: () => void;
  /** Resolves after a ring, after the time, or when given up. */
  readonly wait: (ms: number) => Promise<void>;
}

export function bell(given: AbortSignal): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  const ring = () => {
    rung = true;
    wake?.();
  };
  return {
    ring,
    wait: async (ms) => {
      if (!rung && !given.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        given.addEventListener("abort", ring, { once: true });
        await promise;
        given.removeEventListener("abort", ring);
        clearTimeout(timer);
        wake = undefined;
      }
      rung = false;
    },
  };
}

/** All in this process who wait for news of one kind. */
export interface Bells {
  readonly ring: () => void;
  /** One more who waits, until `given` is aborted. */
  readonly hang: (given: AbortSignal) => Bell;
}

export function bells(): Bells {
  const rings = new Set<Bell["ring"]>();
  return {
    ring: () => {
      for (const ring of rings) ring();
    },
    hang: (given) => {
      const one = bell(given);
      if (!given.aborted) rings.add(one.ring);
      given.addEventListener("abort", () => rings.delete(one.ring), { once: true });
      return one;
    },
  };
}
