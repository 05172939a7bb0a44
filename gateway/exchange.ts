/** What the parts of the gateway share while it runs, and what they note of one request. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger, ServiceBroker } from "moleculer";
import type { Actor } from "#shared/contracts/common.ts";
import type { Verifier } from "./authentication.ts";
import type { Load } from "./load.ts";
import type { Live } from "./live.ts";
import type { Limiter } from "./rate-limits.ts";
import type { Route } from "./routes.ts";
import type { Settings } from "./settings.ts";

export interface Gateway {
  readonly broker: ServiceBroker;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly verifier: Verifier;
  readonly limiter: Limiter;
  readonly load: Load;
  readonly live: Live;
  /** Whether the process is on its way out. */
  stopping(): boolean;
}

/** What is known of a request once it is let in. */
export interface Exchange {
  readonly route: Route;
  /** When its time is up, as `performance.now()` tells. */
  readonly deadline: number;
  readonly address: string;
  actor?: Actor;
  /** The body as it came, where the request carries an idempotency key. */
  raw?: Buffer;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Null outside the routes of the contracts. */
    exchange: Exchange | null;
  }
}

export type Incoming = FastifyRequest & { exchange: Exchange };
export type Reply = FastifyReply;

/** The path of a request, and what follows its `?`. */
export function split(url: string): { path: string; query: string } {
  const mark = url.indexOf("?");
  return mark < 0
    ? { path: url, query: "" }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
