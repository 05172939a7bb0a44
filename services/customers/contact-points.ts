/** The actions on the ways to reach a customer (F020-F024). */
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";

export const contactPoints = {
  addContactPoint: (ctx: Asked<"addContactPoint">) =>
    write("customers", ctx, async (tx) => {
      const { id, ...given } = ctx.params;
      const current = await store.get(id, tx.session);
      const added = { ...given, id: newId() };
      const { customer, point } = rules.addContactPoint(current, added, stamp(ctx));
      await store.replace(customer, rules.lookupsOf(customer), tx.session);

      tx.announce({
        event: "customers.contactPointAdded",
        aggregate: { kind: "customer", id, version: customer.version },
        changes: rules.changesBetween(current, customer),
        data: { id, contactPointId: point.id, type: point.type },
      });
      return point;
    }),
};
