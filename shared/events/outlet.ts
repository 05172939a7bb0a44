/** The stream as a relay knows it, so that it notices when the stream has lost events. */
import type { Logger } from "moleculer";
import type { NatsConnection } from "nats";
import type { ServiceName } from "../bus.ts";
import { refill } from "./outbox.ts";
import { keepPosition, positionOf, type Position } from "./positions.ts";
import { ensureStreams, type StreamState } from "./stream.ts";

export interface Outlet {
  /** Makes the stream where it is missing; one that lost events gets what the outbox kept. */
  recognise(connection: NatsConnection): Promise<void>;
  /** Remembers how far the stream has acknowledged. */
  remember(sequence: number): Promise<void>;
  keep(): Promise<void>;
}

const keepEveryMs = 1_000;

const hasLost = (stream: StreamState, known: Position): boolean =>
  known.born !== stream.born || stream.lastSequence < known.sequence;

export function outletOf(service: ServiceName, logger: Logger): Outlet {
  let born = "";
  let furthest = 0;
  let keptAt = 0;

  const keep = async () => {
    keptAt = Date.now();
    if (born) await keepPosition(service, "relay", { born, sequence: furthest });
  };

  return {
    async recognise(connection) {
      const stream = await ensureStreams(connection);
      const known = await positionOf(service, "relay");
      const reached = Math.max(known?.sequence ?? 0, furthest);
      const lost = known && hasLost(stream, { ...known, sequence: reached });
      if (lost) {
        logger.warn(`The stream has lost events: ${service} publishes again what its outbox kept`);
        await refill(service);
      }
      born = stream.born;
      furthest = lost ? 0 : reached;
      await keep();
    },
    async remember(sequence) {
      furthest = Math.max(furthest, sequence);
      if (Date.now() - keptAt >= keepEveryMs) await keep();
    },
    keep,
  };
}
