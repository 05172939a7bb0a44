/** Who asks about themselves. */
import { actorOf } from "#shared/actor.ts";
import type { Meta } from "#shared/bus.ts";
import { forbidden } from "#shared/errors.ts";

/** Connectors hold a key, but they are nobody's own self. */
export function ownId(ctx: { meta: Meta }): string {
  const { id, kind } = actorOf(ctx);
  if (kind !== "user") throw forbidden("of a user");
  return id;
}
