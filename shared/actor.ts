/** Who acts: read from what accompanies a request. */
import type { Actor } from "./contracts/common.ts";
import { unauthorized } from "./errors.ts";

/** The system itself: sweepers, relays, first start. */
export const system: Actor = { kind: "system", id: "system", permissions: [] };

/**
 * The one who asks.
 * @throws 401 UNAUTHORIZED when nobody has signed in
 */
export function actorOf({ meta }: { meta: { actor?: Actor } }): Actor {
  if (!meta.actor) throw unauthorized();
  return meta.actor;
}
