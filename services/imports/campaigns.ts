/** Into which campaigns somebody may import: supervisors into those that they supervise. */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Meta } from "#shared/bus.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import { invalidField, isRefusal } from "#shared/errors.ts";
import { nameKey } from "#shared/names.rules.ts";
import { seesEverything } from "#shared/visibility.ts";

type Asking = Caller & { meta: Meta };

/** The campaigns whose imports somebody sees; undefined for all. */
export async function campaignsOf(ctx: Asking): Promise<string[] | undefined> {
  const actor = actorOf(ctx);
  if (seesEverything(actor)) return undefined;
  const scopes = await ctx.call("campaigns.scopesOf", { userId: actor.id });
  return scopes
    .filter(({ as }) => as === "supervisor" && actor.role === "supervisor")
    .map(({ campaignId }) => campaignId);
}

/** @throws 422 VALIDATION_ERROR at `campaignId` for one of others, an unknown or a disabled one */
export async function requireMayImport(ctx: Asking, id: string): Promise<void> {
  const own = await campaignsOf(ctx);
  if (own && !own.includes(id)) throw notYours();
  const { enabled, archived } = await described(ctx, id);
  if (!enabled || archived) throw invalidField("campaignId", "is disabled", "disabled");
}

const notYours = () => invalidField("campaignId", "is not one of your campaigns", "unknown");

async function described(ctx: Caller, id: string): Promise<Campaign> {
  try {
    return await ctx.call("campaigns.describe", { id });
  } catch (error) {
    if (isRefusal(error) && error.type === "NOT_FOUND") throw notYours();
    throw error;
  }
}

const atOnce = 500;

/** Who works in a campaign, by e-mail address and by name; null where several are called so. */
export async function usersOf(
  caller: Caller,
  { agents, supervisorIds }: Pick<Campaign, "agents" | "supervisorIds">,
): Promise<Map<string, string | null>> {
  const ids = [...new Set([...agents.map(({ userId }) => userId), ...supervisorIds])];
  const users = new Map<string, string | null>();
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = { ids: ids.slice(start, start + atOnce) };
    const [names, addresses] = await Promise.all([
      caller.call("identity.namesOf", some),
      caller.call("identity.addressesOf", some),
    ]);
    const working = new Set(names.flatMap(({ id, disabled }) => (disabled ? [] : [id])));
    for (const { id, name } of names) {
      const key = nameKey(name);
      if (working.has(id)) users.set(key, users.has(key) ? null : id);
    }
    for (const { id, email } of addresses) if (working.has(id)) users.set(nameKey(email), id);
  }
  return users;
}
