/** Whether the one who asks may use a route at all; what concerns single objects, services say. */
import type { Actor } from "#shared/contracts/common.ts";
import { forbidden, notFound } from "#shared/errors.ts";
import type { Route } from "./routes.ts";

/**
 * @throws 403 where the role or the key lacks what the route needs; 404 for a connector on another
 *   channel than its own, which must look unknown
 */
export function authorise(
  { contract: { needs }, channelParam }: Pick<Route, "contract" | "channelParam">,
  actor: Actor,
  path: Readonly<Record<string, string>>,
): void {
  if (needs === "anybody" ? actor.kind !== "user" : !actor.permissions.includes(needs)) {
    throw forbidden(needs === "anybody" ? "user" : needs);
  }
  if (actor.kind === "connector" && channelParam && path[channelParam] !== actor.channelId) {
    throw notFound("channel", "");
  }
}
