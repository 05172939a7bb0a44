/** The relay: publishes what waits in a service's outbox to the stream, in order, and marks it. */
import type { Logger } from "moleculer";
import type { NatsConnection, Subscription } from "nats";
import type { ServiceName } from "../bus.ts";
import { config } from "../config.ts";
import { bell } from "./bell.ts";
import { eventsOf } from "./event.ts";
import { gatherMs } from "./gathering.rules.ts";
import { faultOf, holdLease, pause } from "./lease.ts";
import { joinNats, leaveNats, nats, reachedNats, untilLost, watchNats } from "./nats.ts";
import { onWake } from "./outbox.ts";
import { outletOf } from "./outlet.ts";
import { publish } from "./publishing.ts";
import { openQueue } from "./queue.ts";

export interface Relaying {
  stop(): Promise<void>;
}

/** A row whose wake and hint were lost is found this late. */
const pollMs = 500;
const shortestPauseMs = 100;
const longestPauseMs = 5_000;

/** How many events a round published, and whether others wait. */
interface Round {
  events: number;
  more: boolean;
}

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
      const round = await rounds.next().catch((error: unknown) => {
        if (failures === 0) {
          relay.logger.warn(`Events of ${relay.service} wait to be published`, faultOf(error));
        }
        return undefined;
      });
      failures = round ? 0 : failures + 1;
      if (!round) await alarm.wait(Math.min(longestPauseMs, shortestPauseMs * 2 ** failures));
      else if (!round.more) {
        await alarm.wait(pollMs);
        await pause(gatherMs(round.events), held);
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
  const queue = openQueue(service);
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

  async function batch(): Promise<Round> {
    const connection = reachedNats();
    if (!recognised) await recognise(connection);
    const { rows, more } = await queue.first();
    const events = rows.flatMap(eventsOf);
    if (events.length === 0) return { events: 0, more: false };
    const { ids, sequence, fault } = await publish(connection, events);
    await queue.published(rows, new Set(ids));
    await outlet.remember(sequence);
    if (fault) throw fault as Error;
    return { events: events.length, more };
  }

  return {
    next: (): Promise<Round> =>
      batch().catch((error: unknown) => {
        recognised = false;
        throw error;
      }),
    end: async (): Promise<void> => {
      unwatch();
      if (hints && !hints.isClosed()) hints.unsubscribe();
      await outlet.keep().catch(() => undefined);
    },
  };
}
