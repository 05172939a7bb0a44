/** Where the accounts of customers are kept; a deleted one stays as a tombstone (D16). */
import type { ClientSession, Filter } from "mongodb";
import type { Account } from "#shared/contracts/customers/accounts.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { findPage } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { accounts, type KeptAccount } from "./tables.store.ts";

/** What an account is told apart and found by; a deleted one has none of it. */
type Lookups = Required<Pick<KeptAccount, "numberKey" | "searchWords">>;

const live = { numberKey: { $exists: true } } satisfies Filter<Kept<KeptAccount>>;

/** @throws 404 NOT_FOUND, also for a deleted one and for one of another customer */
export async function get(
  { customerId, accountId }: { customerId: string; accountId: string },
  session?: ClientSession,
): Promise<Account> {
  const found = await accounts
    .native()
    .findOne({ _id: accountId, customerId, ...live }, session ? { session } : undefined);
  if (!found) throw notFound("account", accountId);
  return accountOf(found);
}

/** @throws 409 ACCOUNT_EXISTS with `existingId` where the customer has its number already */
export async function insert(
  account: Account,
  lookups: Lookups,
  session: ClientSession,
): Promise<void> {
  await requireOwnNumber(account, lookups, session);
  await accounts.native().insertOne(keptOf<KeptAccount>({ ...account, ...lookups }), { session });
}

/**
 * Keeps an account in place of what was read of it in the same transaction.
 * @throws 409 ACCOUNT_EXISTS with `existingId` where the customer has its number already
 */
export async function replace(
  account: Account,
  lookups: Lookups,
  session: ClientSession,
): Promise<void> {
  await requireOwnNumber(account, lookups, session);
  await replaceAll([{ account, lookups }], session);
}

/** The same for several whose numbers are known to differ from all others of their customer. */
export async function replaceAll(
  changed: { account: Account; lookups: Lookups }[],
  session: ClientSession,
): Promise<void> {
  if (changed.length === 0) return;
  const operations = changed.map(({ account, lookups }) => {
    const { _id, ...replacement } = keptOf<KeptAccount>({ ...account, ...lookups });
    return { replaceOne: { filter: { _id }, replacement } };
  });
  await accounts.native().bulkWrite(operations, { session });
}

/** Keeps the last versions of accounts as tombstones: no list, search or number knows them. */
export async function bury(ended: Account[], session: ClientSession): Promise<void> {
  if (ended.length === 0) return;
  const operations = ended.map(({ id, version, updatedAt, updatedBy }) => {
    const by = updatedBy ? { updatedBy, deletedBy: updatedBy } : {};
    const $set = { version, updatedAt, deletedAt: updatedAt, ...by };
    const update = { $set, $unset: { numberKey: "" as const, searchWords: "" as const } };
    return { updateOne: { filter: { _id: id }, update } };
  });
  await accounts.native().bulkWrite(operations, { session });
}

async function requireOwnNumber(
  { id, customerId }: Account,
  { numberKey }: Lookups,
  session: ClientSession,
): Promise<void> {
  const holder = await accounts
    .native()
    .findOne({ customerId, numberKey, _id: { $ne: id } }, { session, projection: { _id: 1 } });
  if (!holder) return;
  throw conflict("ACCOUNT_EXISTS", "The customer has an account of this number", {
    existingId: holder._id,
  });
}

/**
 * A page of a customer's accounts, in the order they were added.
 * @throws 422 at `cursor` for a cursor of another list
 */
export async function list(
  customerId: string,
  paging: { limit: number; cursor?: string; count?: boolean },
) {
  const page = await findPage(accounts.native(), {
    filter: { customerId, ...live },
    sort: [["_id", 1]],
    ...paging,
  });
  return { ...page, items: page.items.map(accountOf) };
}

/** All accounts of a customer: no more than it may have. */
export async function allOf(customerId: string, session: ClientSession): Promise<Account[]> {
  const found = await accounts
    .native()
    .find({ customerId, ...live }, { session })
    .sort({ _id: 1 })
    .toArray();
  return found.map(accountOf);
}

export const countOf = (customerId: string, session: ClientSession): Promise<number> =>
  accounts.native().countDocuments({ customerId, ...live }, { session });

/** The words by which a customer is found for its accounts. */
export async function searchWordsOf(customerId: string, session: ClientSession): Promise<string[]> {
  const found = await accounts
    .native()
    .find({ customerId, ...live }, { session })
    .project<{ searchWords: string[] }>({ _id: 0, searchWords: 1 })
    .toArray();
  return found.flatMap(({ searchWords }) => searchWords);
}

/** Those of the accounts that are there, in no order. */
export async function describe(ids: string[]): Promise<Account[]> {
  const found = await accounts
    .native()
    .find({ _id: { $in: ids }, ...live })
    .toArray();
  return found.map(accountOf);
}

/** An account as others may see it. */
export function accountOf(kept: Kept<KeptAccount>): Account {
  const {
    numberKey: _numberKey,
    searchWords: _searchWords,
    deletedAt: _deletedAt,
    deletedBy: _deletedBy,
    erasedAt: _erasedAt,
    ...account
  } = kept;
  return entityOf<Account>(account);
}
