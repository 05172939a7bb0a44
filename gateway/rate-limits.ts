/**
 * How many requests a minute one caller may make, whichever replicas it meets. Each replica counts
 * by itself and exchanges sums a few times a second, so that a request costs no database write;
 * until the next exchange the replicas may together let through what arrives in that time.
 */
import type { Logger } from "moleculer";

export const windowSeconds = 60;
const windowMs = windowSeconds * 1_000;
const exchangeMs = 500;
/** Callers counted apart; who comes after them shares one count. */
const maxCallers = 100_000;

export type CallerKind = "user" | "connector" | "address";
export type Limits = Readonly<Record<CallerKind, number>>;

/** Where the replicas' counts come together. */
export interface Sums {
  /** Adds counts of a window and answers the sums over all replicas, by key. */
  exchange(window: number, counts: ReadonlyMap<string, number>): Promise<Map<string, number>>;
}

/** What a caller has left in this window. */
export interface Allowance {
  readonly kind: CallerKind;
  /** Negative: over the limit. */
  readonly remaining: number;
  readonly resetSeconds: number;
}

interface Count {
  /** Requests here that the others do not know of yet. */
  unsent: number;
  /** All replicas' requests at the last exchange. */
  sum: number;
}

/** Counts, and exchanges its counts until it is stopped; `now` in milliseconds. */
export class Limiter {
  readonly #limits: Limits;
  readonly #sums: Sums;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #timer = setInterval(() => void this.exchange(), exchangeMs).unref();
  #counts = new Map<string, Count>();
  #window = 0;
  #exchanging: Promise<void> | undefined;

  constructor(limits: Limits, sums: Sums, logger: Logger, now: () => number = Date.now) {
    this.#limits = limits;
    this.#sums = sums;
    this.#logger = logger;
    this.#now = now;
  }

  /** Counts one request. */
  count(kind: CallerKind, id: string): Allowance {
    const count = this.#countOf(kind, id);
    count.unsent += 1;
    return this.#allowance(kind, count);
  }

  /** What is left, without counting. */
  left(kind: CallerKind, id: string): Allowance {
    return this.#allowance(kind, this.#countOf(kind, id));
  }

  /** One at a time; a failed exchange is made up for by the next. */
  exchange(): Promise<void> {
    this.#exchanging ??= this.#exchangeNow().finally(() => (this.#exchanging = undefined));
    return this.#exchanging;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #countOf(kind: CallerKind, id: string): Count {
    const window = Math.floor(this.#now() / windowMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts = new Map();
    }
    const known = this.#counts.get(`${kind}:${id}`);
    if (known) return known;
    const key = `${kind}:${this.#counts.size < maxCallers ? id : "*"}`;
    const count = this.#counts.get(key) ?? { unsent: 0, sum: 0 };
    this.#counts.set(key, count);
    return count;
  }

  #allowance(kind: CallerKind, { unsent, sum }: Count): Allowance {
    const resetSeconds = Math.ceil(((this.#window + 1) * windowMs - this.#now()) / 1_000);
    return { kind, remaining: this.#limits[kind] - sum - unsent, resetSeconds };
  }

  async #exchangeNow(): Promise<void> {
    const counts = this.#counts;
    const sent = new Map<string, number>();
    for (const [key, { unsent }] of counts) if (unsent > 0) sent.set(key, unsent);
    if (sent.size === 0) return;
    try {
      const together = await this.#sums.exchange(this.#window, sent);
      for (const [key, sum] of together) settle(counts.get(key), sent.get(key) ?? 0, sum);
    } catch (error) {
      this.#logger.warn("Rate limits could not be exchanged", {
        message: (error as Error).message,
      });
    }
  }
}

function settle(count: Count | undefined, sent: number, sum: number): void {
  if (!count) return;
  count.unsent -= sent;
  count.sum = sum;
}

/** An address as it is counted: of IPv6 the network, since a host has many addresses in it. */
export function countedAddress(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...Array<string>(missing).fill("0"), ...after].slice(0, 4).join(":");
}

/** The headers of the IETF draft on rate limits. */
export const policyOf = (kind: CallerKind, limits: Limits): string =>
  `"${kind}";q=${limits[kind]};w=${windowSeconds}`;
export const limitOf = ({ kind, remaining, resetSeconds }: Allowance): string =>
  `"${kind}";r=${Math.max(0, remaining)};t=${resetSeconds}`;
