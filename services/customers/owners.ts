/** The actions on who attends a customer (F014-F019). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Meta } from "#shared/bus.ts";
import type { Customer, CustomerOwner } from "#shared/contracts/customers/customer.ts";
import { invalidField, isRefusal, stale } from "#shared/errors.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { seesEverything } from "#shared/visibility.ts";
import { stamp, type Asked } from "./asked.ts";
import * as store from "./customers.store.ts";
import { lookupsBeside } from "./customers.rules.ts";
import { namesIn } from "./names.ts";
import * as rules from "./owners.rules.ts";

export const owners = {
  listOwners: async (ctx: Asked<"listOwners">) => shown(ctx, await store.get(ctx.params.id)),

  async setOwner(ctx: Asked<"setOwner">) {
    const { id, version, userId, campaignId } = ctx.params;
    const wanted = { userId, ...(campaignId ? { campaignId } : {}) };
    const seen = await store.get(id);
    // before anything is told about users and campaigns, and again of what is there when it is kept
    rules.requireMayDecide(asker(ctx), seen.owners, wanted.campaignId);
    await requireAssignable(ctx, wanted);

    const kept = await write("customers", ctx, async (tx) => {
      const current = await store.get(id, tx.session);
      if (version !== undefined && version !== current.version) {
        throw stale("customer", id, current.version);
      }
      rules.requireMayDecide(asker(ctx), current.owners, wanted.campaignId);
      return keep(tx, current, rules.withOwner(current, wanted, stamp(ctx)), wanted);
    });
    return shown(ctx, kept);
  },

  async removeOwner(ctx: Asked<"removeOwner">) {
    const { id, campaignId } = ctx.params;
    await write("customers", ctx, async (tx) => {
      const current = await store.get(id, tx.session);
      rules.requireMayDecide(asker(ctx), current.owners, campaignId);
      const changed = rules.withoutOwner(current, campaignId, stamp(ctx));
      await keep(tx, current, changed, { campaignId });
    });
  },

  async ownersOf(ctx: Asked<"ownersOf">) {
    const { customerIds, campaignId } = ctx.params;
    const found = await store.ownersOf(customerIds);
    return found.flatMap((customer) => {
      const owner = rules.ownerIn(customer.owners, campaignId);
      return owner ? [{ customerId: customer.id, ...owner }] : [];
    });
  },
};

const asker = (ctx: { meta: Meta }) => {
  const actor = actorOf(ctx);
  return { id: actor.id, decidesAll: seesEverything(actor) };
};

async function keep(
  tx: Tx<"customers">,
  current: Customer,
  changed: Customer,
  { userId, campaignId }: { userId?: string; campaignId?: string | undefined },
): Promise<Customer> {
  if (changed === current) return current;
  const { id, version } = changed;
  await store.replace(changed, lookupsBeside(changed), tx.session);

  tx.announce({
    event: "customers.ownerSet",
    aggregate: { kind: "customer", id, version },
    changes: rules.ownerChanges(current, changed),
    data: { id, userId: userId ?? null, campaignId: campaignId ?? null },
  });
  return changed;
}

/** @throws 422 at `userId`, or at `campaignId` where there is no such campaign */
async function requireAssignable(
  ctx: Caller,
  { userId, campaignId }: CustomerOwner,
): Promise<void> {
  const [[user], campaign] = await Promise.all([
    ctx.call("identity.namesOf", { ids: [userId] }),
    campaignId === undefined ? undefined : campaignOf(ctx, campaignId),
  ]);
  rules.requireAssignable(user, campaign);
}

const campaignOf = (ctx: Caller, id: string) =>
  ctx.call("campaigns.describe", { id }).catch((error: unknown) => {
    if (!isRefusal(error) || error.type !== "NOT_FOUND") throw error;
    throw invalidField("campaignId", "is not a campaign", "unknown");
  });

/** The owners as users see them: with names. */
async function shown(ctx: Caller, { owners: kept = [], version }: Customer) {
  const names = await namesIn(
    ctx,
    kept.map(({ userId }) => userId),
  );
  const items = kept.map((owner) => {
    const user = names.get(owner.userId);
    return { ...owner, ...(user ? { name: user.name, disabled: user.disabled } : {}) };
  });
  return { items, version };
}
