/** The actions on customers as users see them: made, found, read and changed (F001-F013). */
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import * as rules from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import { isDocumentChanged } from "./document-types.rules.ts";
import { requireDocumentAllowed } from "./document-types.ts";
import { namesIn } from "./names.ts";

export const profile = {
  create: (ctx: Asked<"create">) =>
    write("customers", ctx, async (tx) => {
      const created = rules.create(ctx.params, { id: newId(), newId, ...stamp(ctx) });
      await requireDocumentAllowed(created, tx);
      const { id, kind, version } = created;
      await store.insert(created, rules.lookupsOf(created), tx.session);

      tx.announce({
        event: "customers.created",
        aggregate: { kind: "customer", id, version },
        changes: rules.changesBetween(undefined, created),
        data: { id, kind },
      });
      return created;
    }),

  async get(ctx: Asked<"get">) {
    const customer = await store.get(ctx.params.id);
    if (!ctx.params.include?.includes("names")) return customer;
    const { createdBy, updatedBy, owners = [] } = customer;
    const ids = [createdBy, updatedBy, ...owners.map(({ userId }) => userId)];
    const users = await namesIn(ctx, ids);
    return { ...customer, names: [...users.values()].map(({ id, name }) => ({ id, name })) };
  },

  change: (ctx: Asked<"change">) =>
    write("customers", ctx, async (tx) => {
      const { id, version, ...changes } = ctx.params;
      const current = await store.get(id, tx.session);
      if (current.version !== version) throw stale("customer", id, current.version);
      const changed = rules.change(current, changes, stamp(ctx));
      if (changed === current) return current;
      if (isDocumentChanged(current, changed)) await requireDocumentAllowed(changed, tx);
      await store.replace(changed, rules.lookupsBeside(changed), tx.session);

      tx.announce({
        event: "customers.changed",
        aggregate: { kind: "customer", id, version: changed.version },
        changes: rules.changesBetween(current, changed),
        data: { id },
      });
      return changed;
    }),
};
