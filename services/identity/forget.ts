/** Tells those who keep what `identity.verify` said to forget it. */
import { accessRevoked, type AccessRevoked } from "#shared/hints.ts";

export interface Broadcaster {
  broadcast(event: string, payload: AccessRevoked): Promise<unknown>;
}

/** A hint: where it does not arrive, what is kept runs out within seconds. */
export function forget(broker: Broadcaster, whose: AccessRevoked): void {
  broker.broadcast(accessRevoked, whose).catch(() => undefined);
}
