/**
 * Who asks: tokens are verified by identity and the verdict is kept for seconds, so that a busy
 * caller costs no call per request. When identity is away, a connector that was known goes on.
 */
import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Actor } from "#shared/contracts/common.ts";
import { unauthorized } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import type { AccessRevoked } from "#shared/hints.ts";

const freshMs = 5_000;
/** Saves identity from a caller who tries again and again with the same bad token. */
const refusedMs = 1_000;
/** How old a verdict may be used while identity cannot be reached. */
const graceMs = { user: 30_000, system: 0, rule: 0, connector: 3_600_000 };
/** How long to wait for identity, and then to leave it alone, where an older verdict will do. */
const patienceMs = 1_000;
const maxKept = 20_000;

interface Verdict {
  readonly actor?: Actor;
  readonly refusal?: Error;
  readonly at: number;
}

/** Asks identity: the answer, 401, or a refusal that says it is away. */
type Ask = (token: string, timeoutMs: number | undefined) => Promise<Actor>;

/** Verifies tokens, with a memory of its own; `now` in milliseconds. */
export class Verifier {
  readonly #ask: Ask;
  readonly #now: () => number;
  readonly #verdicts = new LRUCache<string, Verdict>({ max: maxKept });
  readonly #pending = new Map<string, Promise<Actor>>();
  /** Counts revocations: a verdict that was asked for before one is not kept. */
  #generation = 0;
  /** Set while identity is away: when to ask again, while known callers go on at once. */
  #retryAt: number | undefined;

  constructor(ask: Ask, now: () => number = Date.now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** The actor of a token that was verified just now, without waiting. */
  known(token: string): Actor | undefined {
    const verdict = this.#verdicts.get(digest(token));
    return verdict?.actor && this.#now() - verdict.at < freshMs ? verdict.actor : undefined;
  }

  /** @throws 401 for a token that nobody holds; 503 when that cannot be told */
  async verify(token: string): Promise<Actor> {
    const key = digest(token);
    const verdict = this.#verdicts.get(key);
    const held = verdict && heldOf(verdict, this.#now());
    return held ? this.#recheck(held, key, token) : this.#check(key, token, undefined);
  }

  /** Asks identity again, and goes by the older verdict while it is away. */
  async #recheck(held: Actor, key: string, token: string): Promise<Actor> {
    const waits = this.#retryAt === undefined;
    if (!waits && this.#now() < (this.#retryAt ?? 0)) return held;
    const checked = this.#check(key, token, patienceMs).catch((error: unknown) => {
      if (isAbsence(error)) return held;
      throw error;
    });
    if (waits) return checked;
    checked.catch(() => undefined); // whoever asks next hears of it
    return held;
  }

  /** Forgets verdicts about those who lost an access. */
  forget(revoked: AccessRevoked): void {
    this.#generation += 1;
    for (const [key, { actor }] of this.#verdicts.entries()) {
      if (actor && concerns(revoked, actor)) this.#verdicts.delete(key);
    }
  }

  /** Requests with one token that come together share one call. */
  #check(key: string, token: string, timeoutMs: number | undefined): Promise<Actor> {
    const under = this.#pending.get(key);
    if (under) return under;
    const asked = this.#decide(key, token, timeoutMs).finally(() => this.#pending.delete(key));
    this.#pending.set(key, asked);
    return asked;
  }

  async #decide(key: string, token: string, timeoutMs: number | undefined): Promise<Actor> {
    const started = this.#generation;
    const keep = (verdict: Omit<Verdict, "at">) => {
      if (started === this.#generation) this.#verdicts.set(key, { ...verdict, at: this.#now() });
    };
    try {
      const actor = await this.#ask(token, timeoutMs);
      this.#retryAt = undefined;
      keep({ actor });
      return actor;
    } catch (error) {
      const away = isAbsence(error);
      this.#retryAt = away ? this.#now() + patienceMs : undefined;
      if (!away) keep({ refusal: error as Error });
      throw error;
    }
  }
}

const digest = (token: string): string => hash("sha256", token, "base64");

/** The actor where an older verdict will do; throws the refusal of a moment ago. */
function heldOf({ actor, refusal, at }: Verdict, now: number): Actor | undefined {
  if (refusal && now - at < refusedMs) throw refusal;
  return actor && now - at < graceMs[actor.kind] ? actor : undefined;
}

const concerns = ({ sessionId, userId, keyId }: AccessRevoked, { id, sessionId: own }: Actor) =>
  id === userId || id === keyId || (sessionId !== undefined && sessionId === own);

const bearer = /^Bearer ([\x21-\x7e]{1,4000})$/i;

/**
 * The token of an `Authorization` header.
 * @throws 401 without one, or for anything else
 */
export function tokenOf(authorization: string | undefined): string {
  const token = authorization === undefined ? undefined : bearer.exec(authorization)?.[1];
  if (token === undefined) throw unauthorized();
  return token;
}
