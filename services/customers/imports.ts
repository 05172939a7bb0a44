/** Takes in what an import brings, many records at a time, each once (F222, F223, D19, P6). */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { ImportRecord, TakenRecord } from "#shared/contracts/customers/imports.ts";
import { isRefusal } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { lookupsOf as accountLookupsOf } from "./accounts.rules.ts";
import * as accountStore from "./accounts.store.ts";
import { tellOf, tellOfEnd } from "./accounts.ts";
import { stamp, type Asked } from "./asked.ts";
import { keysOf } from "./contact-points.rules.ts";
import { moveKeys } from "./contact-keys.store.ts";
import { changesBetween, documentKeyOf, lookupsBeside, lookupsOf } from "./customers.rules.ts";
import * as customerStore from "./customers.store.ts";
import { codeKeyOf } from "./document-types.rules.ts";
import * as rules from "./imports.rules.ts";
import * as store from "./imports.store.ts";
import { ownerChanges } from "./owners.rules.ts";

type Context = Asked<"importRecords">;
type Session = Tx<"customers">["session"];

/** Others may make a customer of one of the documents at the same moment. */
const mostRounds = 5;

export const importing = {
  async importRecords(ctx: Context): Promise<TakenRecord[]> {
    const { dryRun, records } = ctx.params;
    if (dryRun) {
      const { outcomes } = await planAll(ctx, records);
      return outcomes.map(({ taken, isThere }) => rules.withoutMadeIds(taken, { isThere }));
    }
    for (let round = 1; ; round += 1) {
      try {
        return await write("customers", ctx, (tx) => takeIn(ctx, tx));
      } catch (error) {
        if (!isDuplicate(error) || round === mostRounds) throw error;
      }
    }
  },
};

async function takeIn(ctx: Context, tx: Tx<"customers">): Promise<TakenRecord[]> {
  const { importId, records } = ctx.params;
  const keys = records.map(({ key }) => key);
  const before = await store.takenBefore(importId, keys, tx.session);
  const fresh = records.filter(({ key }) => !before.has(key));
  const { outcomes, plans } = await planAll(ctx, fresh, tx.session);
  await keep(plans, tx);
  const taken = outcomes.map((one) => one.taken);
  await store.keepTaken(importId, taken, new Date(), tx.session);
  const all = new Map([...before, ...taken.map((one) => [one.key, one] as const)]);
  return keys.flatMap((key) => all.get(key) ?? []);
}

interface Outcome {
  taken: TakenRecord;
  /** Whether the customer was there before. */
  isThere: boolean;
}

/** What becomes of each record, one after the other: a later one finds what an earlier one makes. */
async function planAll(ctx: Context, records: readonly ImportRecord[], session?: Session) {
  const { campaignId, options } = ctx.params;
  const keyed = records.map((record) => ({ record, key: documentKeyOf(record.customer) ?? "" }));
  const found = await store.findByDocuments(
    keyed.map(({ key }) => key),
    session,
  );
  const types = await store.documentTypesOf(
    records.map(({ customer }) => codeKeyOf(customer.documentType)),
    session,
  );
  const known = knownIn(found);
  const making = { ...stamp(ctx), campaignId, options, newId };
  const plans: rules.Planned[] = [];
  const outcomes = keyed.map(({ record, key }): Outcome => {
    const now = known.of(key);
    const type = types.get(codeKeyOf(record.customer.documentType));
    try {
      const plan = rules.planned(record, { known: now, type }, making);
      known.learn(key, plan.now);
      plans.push(plan);
      return { taken: plan.taken, isThere: now !== undefined };
    } catch (error) {
      if (!isRefusal(error) || error.code >= 500) throw error;
      const nothing = { accounts: [], accountsDeleted: 0 };
      const refusal = rules.refusalOf(error);
      return { taken: { key: record.key, refusal, ...nothing }, isThere: now !== undefined };
    }
  });
  return { outcomes, plans };
}

/** Customers by their documents, as far as the records before have changed them. */
function knownIn({ byDocument, survivors, accounts }: store.Found) {
  const ids = new Map<string, string>();
  const all = new Map<string, rules.Known>();
  const add = (isSurvivor: boolean) => (customer: Customer, key: string) => {
    ids.set(key, customer.id);
    all.set(customer.id, { customer, isSurvivor, accounts: accounts.get(customer.id) ?? [] });
  };
  survivors.forEach(add(true));
  byDocument.forEach(add(false));
  return {
    of(key: string): rules.Known | undefined {
      const known = all.get(ids.get(key) ?? "");
      return known && { ...known, isSurvivor: survivors.has(key) };
    },
    learn(key: string, now: rules.Known): void {
      ids.set(key, now.customer.id);
      all.set(now.customer.id, now);
    },
  };
}

/** Keeps the end of what was planned, and tells of each step to it. */
async function keep(plans: readonly rules.Planned[], tx: Tx<"customers">): Promise<void> {
  await keepAccounts(plans, tx);
  await keepCustomers(plans, tx);
  for (const { steps, accounts, ended } of plans) {
    for (const step of steps) tellOfStep(tx, step);
    for (const { before, after } of accounts) tellOf(tx, before ?? {}, after);
    for (const account of ended) tellOfEnd(tx, account);
  }
}

async function keepAccounts(plans: readonly rules.Planned[], { session }: Tx<"customers">) {
  const kept = plans.flatMap(({ accounts }) => accounts);
  const last = new Map(kept.map(({ after }) => [after.id, after]));
  const fresh = new Set(kept.flatMap(({ before, after }) => (before ? [] : [after.id])));
  const withLookups = [...last.values()].map((account) => ({
    ...{ account, lookups: accountLookupsOf(account) },
  }));
  await accountStore.bury(
    plans.flatMap(({ ended }) => ended),
    session,
  );
  await store.insertAccounts(
    withLookups.filter(({ account }) => fresh.has(account.id)),
    session,
  );
  await accountStore.replaceAll(
    withLookups.filter(({ account }) => !fresh.has(account.id)),
    session,
  );
}

async function keepCustomers(plans: readonly rules.Planned[], { session }: Tx<"customers">) {
  const last = new Map(plans.map(({ now }) => [now.customer.id, now]));
  const steps = plans.flatMap((plan) => plan.steps);
  const fresh = new Set(steps.flatMap(({ before, after }) => (before ? [] : [after.id])));
  const before = new Map(
    steps.flatMap((step) => (step.before ? [[step.after.id, step.before] as const] : [])).reverse(),
  ); // reversed, so that the first of several counts
  const made = [...last.values()].filter(({ customer }) => fresh.has(customer.id));
  await store.insertAll(
    made.map(({ customer, accounts }) => ({
      customer,
      lookups: lookupsOf(
        customer,
        accounts.flatMap((account) => accountLookupsOf(account).searchWords),
      ),
    })),
    session,
  );
  const others = plans.filter(({ accounts, ended }) => accounts.length + ended.length > 0);
  const touched = new Set([...before.keys(), ...others.map(({ now }) => now.customer.id)]);
  for (const { customer } of last.values()) {
    const { id } = customer;
    if (touched.has(id) && !fresh.has(id)) await keepChanged(before.get(id), customer, session);
  }
}

/** @param before undefined where only its accounts have changed */
async function keepChanged(
  before: Customer | undefined,
  after: Customer,
  session: Session,
): Promise<void> {
  if (!before) return customerStore.keepLookups(after.id, lookupsBeside(after), session);
  await customerStore.replace(after, lookupsBeside(after), session);
  const keys = { before: keysOf(before.contactPoints), after: keysOf(after.contactPoints) };
  await moveKeys(after.id, keys, session);
}

function tellOfStep(tx: Tx<"customers">, { event, before, after, owner }: rules.Step): void {
  const { id, kind, version } = after;
  const aggregate = { kind: "customer", id, version };
  if (owner && event === "customers.ownerSet") {
    const changes = ownerChanges(before ?? after, after);
    tx.announce({ event, aggregate, changes, data: { id, ...owner } });
    return;
  }
  const changes = changesBetween(before, after);
  const data = { id, kind };
  if (!before) tx.announce({ event: "customers.created", aggregate, changes, data });
  else tx.announce({ event: "customers.changed", aggregate, changes, data: { id } });
}
