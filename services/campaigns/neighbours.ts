/** What campaigns need to know from their neighbours before they decide. */
import type { Caller } from "#shared/bus.ts";
import type { Channel } from "#shared/contracts/channels.ts";
import { fault, refuse } from "./faults.rules.ts";
import type { Person } from "./members.rules.ts";

/** As many as identity and channels tell of at once. */
const atOnce = 500;

/** Those of these users that exist. */
export async function peopleOf(ctx: Caller, ids: readonly string[]): Promise<Person[]> {
  const unique = [...new Set(ids)];
  const asked = [];
  for (let start = 0; start < unique.length; start += atOnce) {
    asked.push(ctx.call("identity.namesOf", { ids: unique.slice(start, start + atOnce) }));
  }
  return (await Promise.all(asked)).flat();
}

/** Those of these channels that exist. */
export const channelsOf = (ctx: Caller, ids: readonly string[]): Promise<Channel[]> =>
  ids.length > 0 ? ctx.call("channels.describe", { ids: [...new Set(ids)] }) : Promise.resolve([]);

/** @throws 422 where the responsible user does not exist (G05) */
export async function requireResponsible(
  ctx: Caller,
  userId: string | null | undefined,
): Promise<void> {
  if (!userId) return;
  const found = await peopleOf(ctx, [userId]);
  refuse(found.length > 0 ? [] : [fault("responsibleUserId", "is not a user", "unknown")]);
}
