/** What the gateway is set to: from the environment, and limits that are the same everywhere. */
import { config } from "#shared/config.ts";
import type { Limits } from "./rate-limits.ts";
import type { LiveLimits } from "./live.ts";
import type { Pace } from "./stop.ts";

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number | undefined;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: number;
  /** What a request may take until its answer is known. */
  readonly requestTimeoutMs: number;
  readonly limits: Limits;
  /** Requests under way at once, over all callers. */
  readonly maxInFlight: number;
  /** How long a client may take to send a request's head, and all of it. */
  readonly headTimeoutMs: number;
  readonly uploadTimeoutMs: number;
  /** How often slow clients are looked for. */
  readonly slowCheckMs: number;
  readonly maxHeaderBytes: number;
  readonly pace: Pace;
  readonly live: LiveLimits;
}

export function settingsOf(): Settings {
  const its = config();
  return {
    host: its.HOST,
    port: its.PORT,
    metricsPort: its.METRICS_PORT,
    publicUrl: its.PUBLIC_URL,
    trustedProxies: its.TRUSTED_PROXIES,
    requestTimeoutMs: its.REQUEST_TIMEOUT_MS,
    limits: {
      user: its.RATE_LIMIT_USER,
      connector: its.RATE_LIMIT_CONNECTOR,
      address: its.RATE_LIMIT_ADDRESS,
    },
    maxInFlight: 2_000,
    headTimeoutMs: 15_000,
    uploadTimeoutMs: 30_000,
    slowCheckMs: 1_000,
    maxHeaderBytes: 16 * 1024,
    pace: { idleMs: 1_000, flightMs: 10_000 },
    live: {
      everyMs: 15_000,
      gapMs: 300,
      perUser: 20,
      most: 2_000,
      timeoutMs: its.REQUEST_TIMEOUT_MS,
    },
  };
}
