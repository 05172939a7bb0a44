/**
 * Idempotency keys: a POST that is sent again with the same key gets the first answer. Behind it
 * the services keep their own record of the command, so that even a request whose first run broke
 * off takes effect once (B01).
 */
import { hash } from "node:crypto";
import type { Logger } from "moleculer";
import type { ActionName } from "#shared/bus.ts";
import { conflict, malformed } from "#shared/errors.ts";
import { isPersonal } from "#shared/personal.rules.ts";
import * as store from "./idempotency.store.ts";
import type { Outcome } from "./outcome.ts";
import { base, type Route } from "./routes.ts";

/** Longer than any request takes; then a repeat may run the command again. */
const lockMs = 30_000;
const maxKeptBytes = 1_000_000;

/** What these answer is shown once and never kept; a repeat of the request is refused. */
const secretAnswers: readonly ActionName[] = ["channels.createKey", "cases.createAgendaLink"];

/** A request that carries a key. */
export interface Command {
  /** Unique per caller and key; goes along with every call that the request causes. */
  readonly id: string;
  readonly fingerprint: string;
  readonly keepsBody: boolean;
  /** Its answer is personal: the services keep it, where it is erased with its person (P16). */
  readonly isPersonal: boolean;
}

interface Keyed {
  readonly key: string | string[] | undefined;
  /** Who asks: keys of different callers never meet. */
  readonly caller: string;
  readonly path: string;
  readonly raw: Buffer | undefined;
}

/**
 * The command of a request, undefined where it has no key. Sign-in, refresh and sign-out take none:
 * their answers are secret and each works once by itself.
 * @throws 400 for a key that is not 1-255 visible characters
 */
export function commandOf(route: Route, { key, caller, path, raw }: Keyed): Command | undefined {
  if (key === undefined || route.method !== "POST") return undefined;
  if (route.path.startsWith(`${base}/auth/`)) return undefined;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw malformed("Idempotency-Key must be 1 to 255 visible characters");
  }
  return {
    id: hash("sha256", `${caller}\n${key}`, "base64url"),
    fingerprint: hash(
      "sha256",
      `${route.method} ${path}\n${hash("sha256", raw ?? "", "base64url")}`,
      "base64url",
    ),
    keepsBody: !secretAnswers.includes(route.name as ActionName),
    isPersonal: route.contract.returns !== undefined && isPersonal(route.contract.returns),
  };
}

/**
 * Runs a command once, or answers what it answered before; refusals are answers too. What another
 * try may change (429, 500 and above) is not kept. `run` never throws.
 * @throws 409 IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE or IDEMPOTENCY_ANSWER_NOT_KEPT
 */
export async function once(
  command: Command,
  run: () => Promise<Outcome>,
  logger: Logger,
): Promise<Outcome> {
  const lockedUntil = new Date(Date.now() + lockMs);
  if (!(await store.take(command.id, command.fingerprint, lockedUntil))) {
    const before = await answeredBefore(command, lockedUntil);
    if (before === "by the services") return repeated(await run());
    if (before) return before;
  }
  const outcome = await run();
  await settled(
    outcome.status < 500 && outcome.status !== 429
      ? store.keep(command.id, lockedUntil, keptOf(command, outcome))
      : store.release(command.id, lockedUntil),
    logger,
  );
  return outcome;
}

/** The kept answer, or who kept it; undefined where the command is ours to run after all. */
async function answeredBefore(
  command: Command,
  lockedUntil: Date,
): Promise<Outcome | "by the services" | undefined> {
  const row = await store.find(command.id);
  if (!row) throw inUse();
  if (row.fingerprint !== command.fingerprint) {
    throw conflict(
      "IDEMPOTENCY_KEY_REUSED",
      "This key was sent with another request; take a new one",
    );
  }
  if (row.state === "answered") {
    return command.isPersonal && row.body === undefined ? "by the services" : replayed(row);
  }
  const free = row.lockedUntil <= new Date();
  if (!free || !(await store.takeOver(command.id, row.lockedUntil, lockedUntil))) throw inUse();
  return undefined;
}

const inUse = () =>
  conflict("IDEMPOTENCY_KEY_IN_USE", "The first request with this key is still running", {
    retryAfterSeconds: 1,
  });

function replayed({ status, headers, body }: Partial<store.KeptAnswer>): Outcome {
  const kept = headers ?? {};
  if (body === undefined && kept["content-type"] !== undefined) {
    throw conflict(
      "IDEMPOTENCY_ANSWER_NOT_KEPT",
      "This was done, but its answer is shown only once and not kept",
    );
  }
  return repeated({
    status: status ?? 200,
    headers: kept,
    ...(body === undefined ? {} : { body }),
  });
}

const repeated = (outcome: Outcome): Outcome => ({
  ...outcome,
  headers: { ...outcome.headers, "idempotent-replayed": "true" },
});

function keptOf(command: Command, { status, headers, body }: Outcome): store.KeptAnswer {
  // a refusal says what is wrong with which field, never the value
  const may = command.keepsBody && (!command.isPersonal || status >= 400);
  const keeps = may && typeof body === "string" && Buffer.byteLength(body) <= maxKeptBytes;
  return { status, headers: { ...headers }, ...(keeps ? { body } : {}) };
}

/** The caller's answer does not wait on whether it could be kept: the lock runs out by itself. */
async function settled(kept: Promise<void>, logger: Logger): Promise<void> {
  try {
    await kept;
  } catch (error) {
    logger.warn("An answer could not be kept", { message: (error as Error).message });
  }
}
