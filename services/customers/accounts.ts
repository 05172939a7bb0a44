/** The actions on a customer's accounts (F027-F034). */
import { changesBetween } from "#shared/changes.rules.ts";
import type { Account } from "#shared/contracts/customers/accounts.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import * as rules from "./accounts.rules.ts";
import * as store from "./accounts.store.ts";
import { stamp, type Asked } from "./asked.ts";
import { lookupsBeside } from "./customers.rules.ts";
import * as customers from "./customers.store.ts";

export const accounts = {
  async listAccounts(ctx: Asked<"listAccounts">) {
    const { id, ...paging } = ctx.params;
    await customers.get(id);

    return store.list(id, paging);
  },

  addAccount: (ctx: Asked<"addAccount">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId, ...draft } = ctx.params;
      await customers.get(customerId, tx.session);
      const account = rules.opened(draft, { id: newId(), customerId, ...stamp(ctx) });
      rules.requireRoom((await store.countOf(customerId, tx.session)) + 1);
      await store.insert(account, rules.lookupsOf(account), tx.session);
      await foundByAccounts(customerId, tx.session);

      tellOf(tx, {}, account);
      return account;
    }),

  async getAccount({ params: { id: customerId, accountId } }: Asked<"getAccount">) {
    return store.get({ customerId, accountId });
  },

  changeAccount: (ctx: Asked<"changeAccount">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId, accountId, version, ...changes } = ctx.params;
      const current = await store.get({ customerId, accountId }, tx.session);
      if (current.version !== version) throw stale("account", accountId, current.version);
      const changed = rules.changed(current, changes, stamp(ctx));
      if (changed === current) return current;
      await store.replace(changed, rules.lookupsOf(changed), tx.session);
      await foundByAccounts(customerId, tx.session);

      tellOf(tx, current, changed);
      return changed;
    }),

  deleteAccount: (ctx: Asked<"deleteAccount">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId, accountId } = ctx.params;
      const account = await store.get({ customerId, accountId }, tx.session);
      const ended = rules.ended(account, stamp(ctx));
      await store.bury([ended], tx.session);
      await foundByAccounts(customerId, tx.session);

      tellOfEnd(tx, ended);
    }),

  async describeAccounts(ctx: Asked<"describeAccounts">) {
    const found = await store.describe(ctx.params.ids);
    return found.map(({ id, customerId, number, version }) => ({
      id,
      customerId,
      number,
      version,
    }));
  },
};

/** A customer is found by what its accounts are now, and whoever changes them meets here. */
export async function foundByAccounts(
  customerId: string,
  session: Tx<"customers">["session"],
): Promise<void> {
  const customer = await customers.get(customerId, session);
  await customers.keepLookups(customerId, lookupsBeside(customer), session);
}

/** Announces a new account (`before` is `{}`), or what changed in one. */
export function tellOf(tx: Tx<"customers">, before: object, after: Account): void {
  const { id, customerId, version } = after;
  tx.announce({
    event: version === 1 ? "customers.accountAdded" : "customers.accountChanged",
    aggregate: { kind: "account", id, version },
    changes: changesBetween(before, after),
    data: { id, customerId },
  });
}

/**
 * Announces that an account is no more.
 * @param replacedById the account of the same number to which its cases go, if there is one
 */
export function tellOfEnd(tx: Tx<"customers">, ended: Account, replacedById?: string): void {
  const { id, customerId, version } = ended;
  tx.announce({
    event: "customers.accountDeleted",
    aggregate: { kind: "account", id, version },
    changes: changesBetween(ended, {}),
    data: { id, customerId, ...(replacedById ? { replacedById } : {}) },
  });
}
