/** The relay: publishes what waits in a service's outbox to the stream, in order, and marks it. */
import type { Logger } from "moleculer";
import type { ServiceName } from "../bus.ts";

export interface Relaying {
  stop(): Promise<void>;
}

export function startRelay(_service: ServiceName, _logger: Logger): Promise<Relaying> {
  return Promise.resolve({ stop: () => Promise.resolve() });
}
