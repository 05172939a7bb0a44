/** What this service itself keeps about a person: found whole, and taken away at once (B08). */
import type { ClientSession } from "mongodb";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { LegalHold } from "#shared/contracts/customers/privacy.ts";
import type { Subject } from "#shared/contracts/privacy.ts";
import { notFound } from "#shared/errors.ts";
import { id, instant, text } from "#shared/fields.ts";
import { findPage } from "#shared/mongo/pages.ts";
import { collection, entityOf, type Kept } from "#shared/mongo/store.ts";
import { moveKeys } from "./contact-keys.store.ts";
import type { Tombstone } from "./erasures.store.ts";
import { blocked, contactKeys, customers, formerlyBlocked, merges } from "./tables.store.ts";

interface Paging {
  limit: number;
  cursor?: string | undefined;
}

/** Legal holds, by customer. */
const holds = collection(
  "customers",
  "legalHolds",
  { id, reason: text(500), createdAt: instant, createdBy: id },
  [],
);

const holdOf = ({
  _id,
  ...rest
}: Kept<Omit<LegalHold, "customerId"> & { id: string }>): LegalHold => ({
  customerId: _id,
  ...rest,
});

/**
 * The person that a customer is, with the addresses that are its own.
 * @throws 404 NOT_FOUND
 */
export async function subjectOf(customerId: string, session?: ClientSession): Promise<Subject> {
  const options = session ? { session } : {};
  const found = await customers
    .native()
    .findOne({ _id: customerId }, { projection: { _id: 1 }, ...options });
  if (!found) throw notFound("customer", customerId);
  const absorbed = await merges
    .native()
    .find({ into: customerId }, { projection: { absorbedId: 1 }, ...options })
    .toArray();
  const customerIds = [customerId, ...absorbed.map(({ absorbedId }) => absorbedId)];
  const owned = await contactKeys
    .native()
    .find({ customerId: { $in: customerIds } }, options)
    .limit(1_000)
    .toArray();
  const keys = owned.map(({ _id }) => _id);
  const shared = new Set(await sharedAmong(keys, customerIds, session));
  return { customerIds, addresses: keys.filter((key) => !shared.has(key)) };
}

/** Those of the keys that other customers have, too: as families share a telephone. */
const sharedAmong = (
  keys: string[],
  customerIds: string[],
  session: ClientSession | undefined,
): Promise<string[]> =>
  customers
    .native()
    .distinct(
      "contactKeys",
      { contactKeys: { $in: keys }, _id: { $nin: customerIds } },
      session ? { session } : {},
    );

/** Takes away what this service keeps about a person; answers what is left of each. */
export async function takeAway(
  subject: Subject,
  { erasureId, at }: { erasureId: string; at: Date },
  session: ClientSession,
): Promise<Tombstone[]> {
  const [customerId = ""] = subject.customerIds;
  const stone = { customerId, erasureId, erasedAt: at };
  const persons = await takePersons(subject, session);
  const blockIds = await takeBlocks(subject, session);
  return [
    ...persons.map(({ id: one, kind, createdAt, lastInteractionAt }) => ({
      ...stone,
      id: one,
      of: "customer" as const,
      kind,
      createdAt,
      ...(lastInteractionAt ? { lastInteractionAt } : {}),
    })),
    ...blockIds.map((one) => ({ ...stone, id: one, of: "blockedAddress" as const })),
  ];
}

/** The customer, and those that were merged into it, with their keys. */
async function takePersons({ customerIds }: Subject, session: ClientSession): Promise<Customer[]> {
  const persons = await customers
    .native()
    .find({ _id: { $in: customerIds } }, { session })
    .toArray();
  const absorbed = await merges
    .native()
    .find({ into: { $in: customerIds } }, { session })
    .toArray();
  await customers.native().deleteMany({ _id: { $in: customerIds } }, { session });
  await merges.native().deleteMany({ into: { $in: customerIds } }, { session });
  for (const { _id, contactKeys: before } of persons) {
    await moveKeys(_id, { before, after: [] }, session); // who shares an address is its owner now
  }
  await contactKeys.native().deleteMany({ customerId: { $in: customerIds } }, { session });
  return [
    ...persons.map((kept) => entityOf<Customer>(kept)),
    ...absorbed.map((merge) => merge.absorbed),
  ];
}

/** The entries of the block list, and the ids of those that were on it once. */
async function takeBlocks({ addresses }: Subject, session: ClientSession): Promise<string[]> {
  const byKey = { key: { $in: addresses } };
  const now = await blocked.native().find(byKey, { session }).toArray();
  const once = await formerlyBlocked.native().find(byKey, { session }).toArray();
  await blocked.native().deleteMany(byKey, { session });
  await formerlyBlocked.native().deleteMany(byKey, { session });
  return [...new Set([...now, ...once].map(({ _id }) => _id))];
}

/** The customers themselves, as long as they are there. */
export const personsOf = ({ customerIds }: Subject, paging: Paging) =>
  findPage(customers.native(), {
    filter: { _id: { $in: customerIds } },
    sort: [["_id", 1]],
    ...paging,
  });

/** Those that were merged into them, as they were, by the ids that they had. */
export async function absorbedInto({ customerIds }: Subject, paging: Paging) {
  const page = await findPage(merges.native(), {
    filter: { into: { $in: customerIds } },
    sort: [["_id", -1]],
    ...paging,
  });
  return { ...page, items: page.items.map((row) => ({ ...row, _id: row.absorbedId })) };
}

/** The entries of the block list with their addresses. */
export const blockedOf = ({ addresses }: Subject, paging: Paging) =>
  findPage(blocked.native(), {
    filter: { key: { $in: addresses } },
    sort: [["_id", 1]],
    ...paging,
  });

/** Those that were on it once. */
export const formerlyBlockedOf = ({ addresses }: Subject, paging: Paging) =>
  findPage(formerlyBlocked.native(), {
    filter: { key: { $in: addresses } },
    sort: [["_id", 1]],
    ...paging,
  });

// ── Legal holds ──────────────────────────────────────────────────────────────

/** The hold on one of these customers, if there is any. */
export async function heldAmong(
  customerIds: string[],
  session?: ClientSession,
): Promise<LegalHold | undefined> {
  const found = await holds
    .native()
    .findOne({ _id: { $in: customerIds } }, session ? { session } : {});
  return found ? holdOf(found) : undefined;
}

/**
 * Those of these customers that a hold keeps: one on themselves, on who stands for them, or on
 * another who was merged into that one.
 */
export async function heldOf(ids: readonly string[]): Promise<string[]> {
  if ((await holds.native().findOne({}, { projection: { _id: 1 } })) === null) return [];
  const gone = await merges
    .native()
    .find({ absorbedId: { $in: [...ids] } }, { projection: { absorbedId: 1, into: 1 } })
    .toArray();
  const standing = new Map(gone.map(({ absorbedId, into }) => [absorbedId, into]));
  const persons = ids.map((one) => standing.get(one) ?? one);
  const absorbed = await merges
    .native()
    .find({ into: { $in: persons } }, { projection: { absorbedId: 1, into: 1 } })
    .toArray();
  const personOf = new Map(absorbed.map(({ absorbedId, into }) => [absorbedId, into]));
  const held = await holds
    .native()
    .find({ _id: { $in: [...persons, ...personOf.keys()] } }, { projection: { _id: 1 } })
    .toArray();
  const kept = new Set(held.map(({ _id }) => personOf.get(_id) ?? _id));
  return ids.filter((one) => kept.has(standing.get(one) ?? one));
}

/** Keeps a hold in place of what was there. */
export async function keepHold(hold: LegalHold, session: ClientSession): Promise<void> {
  const { customerId, ...rest } = hold;
  await holds.native().replaceOne({ _id: customerId }, rest, { upsert: true, session });
}

/** @throws 404 NOT_FOUND */
export async function removeHold(customerId: string, session: ClientSession): Promise<LegalHold> {
  const gone = await holds.native().findOneAndDelete({ _id: customerId }, { session });
  if (!gone) throw notFound("legal hold", customerId);
  return holdOf(gone);
}

/**
 * Raises a customer's version for what is kept beside it, so that of a hold and an erasure at the
 * same moment one comes first. Answers the version; none where the customer is gone.
 */
export async function touch(
  customerId: string,
  { at, by }: { at: Date; by: string },
  session: ClientSession,
): Promise<number | undefined> {
  const touched = await customers
    .native()
    .findOneAndUpdate(
      { _id: customerId },
      { $inc: { version: 1 }, $set: { updatedAt: at, updatedBy: by } },
      { session, returnDocument: "after", projection: { version: 1 } },
    );
  return touched?.version;
}
