/** The relay: publishes what waits in a service's outbox to the stream, in order, and marks it. */
import type { Logger } from "moleculer";
import type { NatsConnection, Subscription } from "nats";
import type { ServiceName } from "../bus.ts";
import { config } from "../config.ts";
import { mostInBatch } from "./atomic.ts";
import { bell } from "./bell.ts";
import { faultOf, holdLease, pause } from "./lease.ts";
import { joinNats, leaveNats, nats, reachedNats, untilLost, watchNats } from "./nats.ts";
import { markPublished, onWake, pendingRows } from "./outbox.ts";
import { outletOf } from "./outlet.ts";
import { publish } from "./publishing.ts";

export interface Relaying {
  stop(): Promise<void>;
}

/** A row whose wake and hint were lost is found this late. */
const pollMs = 500;
/** What is announced within this time is published, and marked, together. */
const gatherMs = 40;
const shortestPauseMs = 100;
const longestPauseMs = 5_000;

type Round = "more" | "idle";

interface Relay {
  service: ServiceName;
  logger: Logger;
  /** Set while this replica holds the lease. */
  wake?: (() => void) | undefined;
}

/**
 * Relays a service's outbox while this replica holds the lease for it. Resolves at once: MongoDB
 * and NATS may come later, go and come back.
 */
export function startRelay(
  service: ServiceName,
  logger: Logger,
  { leaseMs }: { leaseMs?: number } = {},
): Promise<Relaying> {
  joinNats();
  const relay: Relay = { service, logger };
  const sleep = onWake(service, () => {
    if (relay.wake) relay.wake();
    else nats()?.publish(hint(service)); // the replica that relays is another one
  });
  const lease = holdLease({
    service,
    role: "relay",
    logger,
    leaseMs,
    work: (held) => run(relay, held),
  });
  return Promise.resolve({
    async stop() {
      sleep();
      await lease.stop();
      await leaveNats();
    },
  });
}

/** Core NATS: may be lost, which the poll makes good. */
const hint = (service: ServiceName): string => `${config().NAMESPACE}.wake.${service}`;

async function run(relay: Relay, held: AbortSignal): Promise<void> {
  const alarm = bell(held);
  const rounds = roundsOf(relay, alarm.ring);
  relay.wake = alarm.ring;
  let failures = 0;
  try {
    while (!held.aborted) {
      const outcome = await rounds.next().catch((error: unknown) => {
        if (failures === 0) {
          relay.logger.warn(`Events of ${relay.service} wait to be published`, faultOf(error));
        }
        return "failed" as const;
      });
      failures = outcome === "failed" ? failures + 1 : 0;
      if (failures > 0) await alarm.wait(Math.min(longestPauseMs, shortestPauseMs * 2 ** failures));
      else if (outcome === "idle") {
        await alarm.wait(pollMs);
        await pause(gatherMs, held);
      }
    }
  } finally {
    relay.wake = undefined;
    await rounds.end();
  }
}

/** Publishes one batch after the other; `ring` is called when NATS comes back or sends a hint. */
function roundsOf({ service, logger }: Relay, ring: () => void) {
  const outlet = outletOf(service, logger);
  let recognised = false;
  let hints: Subscription | undefined;
  const unwatch = watchNats((reached) => {
    recognised = false;
    if (reached) ring();
  });

  async function recognise(connection: NatsConnection): Promise<void> {
    recognised = true; // first: the stream may go while we look at it
    await untilLost(outlet.recognise(connection));
    if (hints?.isClosed() ?? true) hints = connection.subscribe(hint(service), { callback: ring });
  }

  async function batch(connection: NatsConnection): Promise<Round> {
    if (!recognised) await recognise(connection);
    const rows = await pendingRows(service, mostInBatch);
    if (rows.length === 0) return "idle";
    const { ids, sequence, fault } = await publish(connection, rows);
    await markPublished(service, ids);
    await outlet.remember(sequence);
    if (fault) throw fault as Error;
    return rows.length === mostInBatch ? "more" : "idle";
  }

  return {
    next: async (): Promise<Round> => {
      try {
        return await batch(reachedNats());
      } catch (error) {
        recognised = false;
        throw error;
      }
    },
    end: async (): Promise<void> => {
      unwatch();
      if (hints && !hints.isClosed()) hints.unsubscribe();
      await outlet.keep().catch(() => undefined);
    },
  };
}
