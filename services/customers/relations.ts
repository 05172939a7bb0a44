/** The actions on the relations between customers (F046-F049). */
import { changesBetween } from "#shared/changes.rules.ts";
import type { CustomerRelation, Relation } from "#shared/contracts/customers/relations.ts";
import { notFound, stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import * as customers from "./customers.store.ts";
import * as rules from "./relations.rules.ts";
import * as store from "./relations.store.ts";

export const relations = {
  async listRelations(ctx: Asked<"listRelations">) {
    const { id, ...paging } = ctx.params;
    await customers.get(id);
    const page = await store.list(id, paging);
    const others = await customers.describe(page.items.map((one) => rules.otherOf(one, id)));

    return { ...page, items: page.items.map((one) => rules.seenFrom(one, id, others)) };
  },

  addRelation: (ctx: Asked<"addRelation">) =>
    write("customers", ctx, async (tx) => {
      const { id, relatedCustomerId, ...labels } = ctx.params;
      const pair = { sourceCustomerId: id, targetCustomerId: relatedCustomerId };
      const relation = rules.opened({ ...pair, ...labels }, { id: newId(), ...stamp(ctx) });
      const both = await customers.hold([id, relatedCustomerId], tx.session);
      if (!both.some((one) => one.id === id)) throw notFound("customer", id);
      if (!both.some((one) => one.id === relatedCustomerId)) throw rules.unknownCustomer();
      await store.insert(relation, rules.pairKeyOf(relation), tx.session);
      for (const one of both) rules.requireRoom(await store.countOf(one.id, tx.session));

      tellOf(tx, "customers.relationAdded", {}, relation);
      return rules.seenFrom(relation, id, both);
    }),

  async getRelation(ctx: Asked<"getRelation">) {
    const { id: customerId, relationId } = ctx.params;

    return shown(await store.get({ customerId, relationId }), customerId);
  },

  changeRelation: (ctx: Asked<"changeRelation">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId, relationId, version, ...labels } = ctx.params;
      const current = await store.get({ customerId, relationId }, tx.session);
      if (current.version !== version) throw stale("relation", relationId, current.version);
      const changed = rules.relabelled(current, customerId, labels, stamp(ctx));
      if (changed === current) return shown(current, customerId);
      await store.replaceAll(
        [{ relation: changed, pairKey: rules.pairKeyOf(changed) }],
        tx.session,
      );

      tellOf(tx, "customers.relationChanged", current, changed);
      return shown(changed, customerId);
    }),

  deleteRelation: (ctx: Asked<"deleteRelation">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId, relationId } = ctx.params;
      const relation = await store.get({ customerId, relationId }, tx.session);
      const ended = rules.ended(relation, stamp(ctx));
      await store.bury([ended], tx.session);

      tellOf(tx, "customers.relationDeleted", relation, ended);
    }),
};

async function shown(relation: CustomerRelation, customerId: string): Promise<Relation> {
  const others = await customers.describe([rules.otherOf(relation, customerId)]);
  return rules.seenFrom(relation, customerId, others);
}

type RelationEvent = `customers.relation${"Added" | "Changed" | "Deleted"}`;

/** Announces what became of a relation; one that is deleted loses all that it said. */
export function tellOf(
  tx: Tx<"customers">,
  event: RelationEvent,
  before: object,
  after: CustomerRelation,
): void {
  const { id, version, sourceCustomerId, targetCustomerId } = after;
  tx.announce({
    event,
    aggregate: { kind: "customerRelation", id, version },
    changes: changesBetween(before, event === "customers.relationDeleted" ? {} : after),
    data: { id, sourceCustomerId, targetCustomerId },
  });
}
