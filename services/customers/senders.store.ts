/** Where the customers of senders are looked up and, for the first message, made: the hot path. */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { UnsentEvent } from "#shared/events/event.ts";
import { keepInOutbox, wakeRelay } from "#shared/events/outbox.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { keptWith, type Lookups } from "./customers.store.ts";
import { mergesOf, movingInto } from "./merges.store.ts";
import { contactKeys, customers } from "./tables.store.ts";

/** What a message needs to know of its customer. */
export type Owner = Pick<Customer, "id" | "displayName" | "documentType" | "documentNumber"> & {
  /** Merged into this one a moment ago. */
  formerIds?: string[];
};

/** The customers that own these keys, by key; two round trips however many there are. */
export async function ownersOf(keys: string[]): Promise<Map<string, Owner>> {
  if (keys.length === 0) return new Map();
  const owned = await contactKeys
    .native()
    .find({ _id: { $in: keys } })
    .toArray();
  if (owned.length === 0) return new Map();
  const owners = await currentOf([...new Set(owned.map(({ customerId }) => customerId))]);
  return new Map(
    owned.flatMap(({ _id: key, customerId }) => {
      const owner = owners.get(customerId);
      return owner ? [[key, owner] as const] : [];
    }),
  );
}

/** A customer may be merged while we look, and its survivor too. */
const mostSteps = 10;

/** Each of these customers, or who stands for it now, by its id. */
async function currentOf(ids: string[], step = 1): Promise<Map<string, Owner>> {
  const owners = await ownersById(ids);
  const missing = ids.filter((id) => !owners.has(id));
  if (missing.length === 0 || step === mostSteps) return owners;
  const gone = [...(await mergesOf(missing)).values()];
  if (gone.length === 0) return owners;
  const survivors = await currentOf([...new Set(gone.map(({ into }) => into))], step + 1);
  for (const { absorbedId, into } of gone) {
    const survivor = survivors.get(into);
    if (survivor) owners.set(absorbedId, survivor);
  }
  return owners;
}

async function ownersById(ids: string[]): Promise<Map<string, Owner>> {
  const [found, moving] = await Promise.all([
    customers
      .native()
      .find({ _id: { $in: ids } })
      .project<Omit<Owner, "id"> & { _id: string }>({
        displayName: 1,
        documentType: 1,
        documentNumber: 1,
      })
      .toArray(),
    movingInto(ids),
  ]);
  return new Map(
    found.map(({ _id: id, ...rest }) => {
      const formerIds = moving.get(id);
      return [id, { id, ...rest, ...(formerIds ? { formerIds } : {}) }];
    }),
  );
}

/** A customer to be made, the key that it is made for, and the event that tells of it. */
export interface Arrival {
  key: string;
  customer: Customer;
  lookups: Lookups;
  event: UnsentEvent;
}

/**
 * Keeps all of them, or none where another has claimed one of the keys: answers false. In the
 * order of their keys, so that of two batches that want the same keys one comes through.
 */
export async function keepArrivals(arrivals: Arrival[]): Promise<boolean> {
  const ordered = arrivals.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const keys = ordered.map(({ key, customer }) => ({ _id: key, customerId: customer.id }));
  const kept = ordered.map(({ customer, lookups }) => keptWith(customer, lookups));
  try {
    await transaction("customers", async (session) => {
      await contactKeys.native().insertMany(keys, { session });
      await customers.native().insertMany(kept, { session });
      await keepInOutbox(
        "customers",
        ordered.map(({ event }) => event),
        session,
      );
    });
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
  wakeRelay("customers");
  return true;
}
