/** The actions on the ways to reach a customer (F020-F026). */
import type { Caller, EventName, Said } from "#shared/bus.ts";
import type { ContactPoint, Customer } from "#shared/contracts/customers/customer.ts";
import { invalidField, isRefusal, stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import { keepBlocked, letGo } from "./block-list.ts";
import * as blockList from "./block-list.store.ts";
import { moveKeys } from "./contact-keys.store.ts";
import * as points from "./contact-points.rules.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";

export const contactPoints = {
  async blockedAmong(ctx: Asked<"blockedAmong">) {
    return [...(await blockList.blockedAmong(ctx.params.keys))];
  },

  async listContactPoints(ctx: Asked<"listContactPoints">) {
    const { id, channelId } = ctx.params;
    const { contactPoints: all, version } = await store.get(id);
    const types = channelId === undefined ? undefined : await typesFor(ctx, channelId);
    const fitting = types ? all.filter(({ type }) => types.includes(type)) : all;
    const blocked = await blockList.blockedAmong(points.keysOf(fitting));
    const items = fitting.map((point) => {
      const key = points.keyOf(point);
      return { ...point, blocked: key !== undefined && blocked.has(key) };
    });
    return { items, version };
  },

  addContactPoint: (ctx: Asked<"addContactPoint">) =>
    write("customers", ctx, async (tx) => {
      const { id, ...given } = ctx.params;
      const current = await store.get(id, tx.session);
      const made = { id: newId(), createdAt: new Date() };
      const added = points.withAdded(current.contactPoints, given, made);
      return keep(tx, current, added, { ctx, event: "customers.contactPointAdded" });
    }),

  changeContactPoint: (ctx: Asked<"changeContactPoint">) =>
    write("customers", ctx, async (tx) => {
      const { id, contactPointId, version, ...patch } = ctx.params;
      const current = await store.get(id, tx.session);
      if (current.version !== version) throw stale("customer", id, current.version);
      const changed = points.withChanged(current.contactPoints, contactPointId, patch);
      if (current.contactPoints.includes(changed.point)) return { ...changed.point, version };
      return keep(tx, current, changed, { ctx, event: "customers.contactPointChanged" });
    }),

  removeContactPoint: (ctx: Asked<"removeContactPoint">) =>
    write("customers", ctx, async (tx) => {
      const { id, contactPointId } = ctx.params;
      const current = await store.get(id, tx.session);
      const left = points.withoutOne(current.contactPoints, contactPointId);
      rules.requireStillKnown({ ...current, contactPoints: left.points });
      await keep(tx, current, left, { ctx, event: "customers.contactPointRemoved" });
      await store.bury(id, left.point, stamp(ctx), tx.session);
    }),

  blockContactPoint: (ctx: Asked<"blockContactPoint">) =>
    write("customers", ctx, async (tx) => {
      const { id, contactPointId, reason } = ctx.params;
      const customer = await store.get(id, tx.session);
      const point = points.pointOf(customer.contactPoints, contactPointId);
      return keepBlocked(tx, { ...point, key: points.requireKey(point), reason });
    }),

  unblockContactPoint: (ctx: Asked<"unblockContactPoint">) =>
    write("customers", ctx, async (tx) => {
      const { id, contactPointId } = ctx.params;
      const customer = await store.get(id, tx.session);
      const key = points.keyOf(points.pointOf(customer.contactPoints, contactPointId));
      letGo(tx, await blockList.removeByKey(key, contactPointId, tx.session));
    }),
};

type Told = Extract<EventName, `customers.contactPoint${string}`>;

/** Keeps what a list of contact points became, moves its keys and tells of it. */
async function keep(
  tx: Tx<"customers">,
  current: Customer,
  { points: contactPoints, point }: points.Outcome,
  { ctx, event }: { ctx: Parameters<typeof stamp>[0]; event: Told },
): Promise<ContactPoint & { version: number }> {
  const customer = rules.withContactPoints(current, contactPoints, stamp(ctx));
  const { id, version } = customer;
  await store.replace(customer, rules.lookupsBeside(customer), tx.session);
  const [before, after] = [points.keysOf(current.contactPoints), points.keysOf(contactPoints)];
  await moveKeys(id, { before, after }, tx.session);

  const aggregate = { kind: "customer", id, version };
  const data: Said<Told> = { id, contactPointId: point.id, type: point.type };
  tx.announce({ event, aggregate, changes: rules.changesBetween(current, customer), data });
  // who has no name goes by a contact point, and others keep copies of what a customer goes by
  if (customer.displayName !== current.displayName) {
    const changes = [{ field: "displayName", old: current.displayName, new: customer.displayName }];
    tx.announce({ event: "customers.changed", aggregate, changes, data: { id } });
  }
  return { ...point, version };
}

/**
 * The types of contact points that a channel reaches (F026).
 * @throws 422 at `channelId` for a channel that there is not, or that is not the asker's to see
 */
async function typesFor(ctx: Caller, channelId: string): Promise<ContactPoint["type"][]> {
  const [channel, { items }] = await Promise.all([
    ctx.call("channels.get", { id: channelId }).catch((error: unknown) => {
      if (!isRefusal(error) || error.type !== "NOT_FOUND") throw error;
      throw invalidField("channelId", "is not a channel", "unknown");
    }),
    ctx.call("channels.listTypes"),
  ]);
  return items.find(({ type }) => type === channel.type)?.contactPointTypes ?? [];
}
