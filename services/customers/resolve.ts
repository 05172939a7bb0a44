/** The action `customers.resolve`: senders in, customers out; a bad address fails nobody else. */
import type { Meta } from "#shared/bus.ts";
import type { Resolved, Sender } from "#shared/contracts/customers/customer.ts";
import { system } from "#shared/actor.ts";
import { unavailable } from "#shared/errors.ts";
import { unsentEvent } from "#shared/events/outbox.ts";
import { newId } from "#shared/ids.ts";
import { blockedAmong } from "./block-list.store.ts";
import { changesBetween, documentOf, lookupsOf } from "./customers.rules.ts";
import { arrival, readSender } from "./senders.rules.ts";
import { keepArrivals, ownersOf, type Arrival, type Owner } from "./senders.store.ts";

/** Others may make the customer of one key after the other while we try. */
const deadlineMs = 4_000;

/**
 * What this process is making, by key. A burst of one sender waits for the first of it instead of
 * disturbing its transaction; what makes it one customer is the unique key, here and elsewhere.
 */
const underWay = new Map<string, Promise<unknown>>();

/**
 * The customer of each sender, in order. A new sender makes one customer however often it stands
 * in the list and however many lists it stands in at the same moment; `isNew` is said once, of the
 * first message (B01, F022, F025).
 * @throws what the database throws when it is away: the whole list may be asked for again
 */
export async function resolve(senders: Sender[], meta: Meta): Promise<Resolved[]> {
  const read = senders.map(readSender);
  const firsts = new Map<string, Sender>();
  senders.forEach((sender, index) => {
    const one = read[index];
    if (one && "key" in one && !firsts.has(one.key)) firsts.set(one.key, sender);
  });
  const keys = [...firsts.keys()];
  const [blocked, known] = await Promise.all([blockedAmong(keys), ownersOf(keys)]);
  const unknown = keys.filter((key) => !blocked.has(key) && !known.has(key));
  const { owners, made } = await settle(
    unknown.map((key) => arrivalOf(key, firsts.get(key) as Sender, meta)),
    known,
  );

  return read.map((one) => {
    if ("fault" in one) return { isNew: false, blocked: false, fault: one.fault };
    if (blocked.has(one.key)) return { isNew: false, blocked: true };
    return answerOf(owners.get(one.key) as Owner, made.delete(one.key));
  });
}

/** Makes the customers that are not there; those that others made meanwhile are theirs. */
async function settle(arrivals: Arrival[], known: Map<string, Owner>) {
  const owners = new Map(known);
  const until = Date.now() + deadlineMs;
  let missing = arrivals;
  while (missing.length > 0 && !(await make(missing))) {
    if (Date.now() > until) throw unavailable("Too many are writing at the same time");
    const found = await ownersOf(missing.map(({ key }) => key));
    for (const [key, owner] of found) owners.set(key, owner);
    missing = missing.filter(({ key }) => !found.has(key));
  }
  for (const { key, customer } of missing) owners.set(key, customer);
  return { owners, made: new Set(missing.map(({ key }) => key)) };
}

/** Answers false, when others are done, where they make or have made one of these. */
async function make(arrivals: Arrival[]): Promise<boolean> {
  const others = new Set(arrivals.flatMap(({ key }) => underWay.get(key) ?? []));
  if (others.size > 0) {
    await Promise.allSettled(others);
    return false;
  }
  const making = keepArrivals(arrivals);
  for (const { key } of arrivals) underWay.set(key, making);
  try {
    return await making;
  } finally {
    for (const { key } of arrivals) underWay.delete(key);
  }
}

/** The customer that a sender makes, and what is kept with it. */
export function arrivalOf(key: string, sender: Sender, meta: Meta): Arrival {
  const { id: by } = meta.actor ?? system;
  const customer = arrival(sender, { id: newId(), newId, at: new Date(), by });
  const { id, kind, version } = customer;
  const event = unsentEvent(
    {
      event: "customers.created",
      aggregate: { kind: "customer", id, version },
      changes: changesBetween(undefined, customer),
      data: { id, kind },
    },
    meta,
  );
  return { key, customer, lookups: lookupsOf(customer), event };
}

function answerOf(owner: Owner, isNew: boolean): Resolved {
  const document = documentOf(owner);
  return {
    customerId: owner.id,
    isNew,
    blocked: false,
    ...(document ? { document } : {}),
    name: owner.displayName,
    ...(owner.formerIds ? { formerIds: owner.formerIds } : {}),
  };
}
