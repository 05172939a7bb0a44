/** What an import needs to know of customers, and keeps of them, many at a time. */
import type { ClientSession } from "mongodb";
import type { Account } from "#shared/contracts/customers/accounts.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { DocumentType } from "#shared/contracts/customers/document-types.ts";
import { TakenRecord } from "#shared/contracts/customers/imports.ts";
import { id, instant, record, text, type Received } from "#shared/fields.ts";
import { collection, entityOf, keptOf } from "#shared/mongo/store.ts";
import { accountOf } from "./accounts.store.ts";
import { claimAll } from "./contact-keys.store.ts";
import { customerOf, keptWith, withoutLookups, type Lookups } from "./customers.store.ts";
import {
  accounts,
  customers,
  documentTypes,
  merges,
  type KeptAccount,
  type KeptDocumentType,
} from "./tables.store.ts";

/** What became of each record of an import: asked again, it is answered. */
type KeptRecord = Received<typeof KeptRecord>;
const KeptRecord = { id: text(80), importId: id, taken: record(TakenRecord), expiresAt: instant };

const records = collection("customers", "importedRecords", KeptRecord, [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]);

const keptMs = 30 * 86_400_000;
const idOf = (importId: string, key: number): string => `${importId}.${String(key)}`;

/** Those of these records that were taken in before, by their keys. */
export async function takenBefore(
  importId: string,
  keys: readonly number[],
  session: ClientSession,
): Promise<Map<number, TakenRecord>> {
  const found = await records
    .native()
    .find({ _id: { $in: keys.map((key) => idOf(importId, key)) } }, { session })
    .toArray();
  return new Map(found.map(({ taken }) => [taken.key, taken]));
}

export async function keepTaken(
  importId: string,
  taken: readonly TakenRecord[],
  at: Date,
  session: ClientSession,
): Promise<void> {
  if (taken.length === 0) return;
  const expiresAt = new Date(at.getTime() + keptMs);
  await records.native().insertMany(
    taken.map((one) =>
      keptOf<KeptRecord>({ id: idOf(importId, one.key), importId, taken: one, expiresAt }),
    ),
    { session },
  );
}

export interface Found {
  /** By their documents, those that are there. */
  byDocument: Map<string, Customer>;
  /** Who stands for the merged customers that had these documents. */
  survivors: Map<string, Customer>;
  accounts: Map<string, Account[]>;
}

/** The customers of these documents with their accounts. */
export async function findByDocuments(
  documentKeys: readonly string[],
  session?: ClientSession,
): Promise<Found> {
  const options = session ? { session } : {};
  const there = await customers
    .native()
    .find({ documentKey: { $in: [...documentKeys] } }, options)
    .toArray();
  const byDocument = new Map(there.map((kept) => [String(kept.documentKey), customerOf(kept)]));
  const missing = documentKeys.filter((key) => !byDocument.has(key));
  const survivors = await survivorsWith(missing, session);
  const ids = [...byDocument.values(), ...survivors.values()].map((one) => one.id);
  const owned = await accounts
    .native()
    .find({ customerId: { $in: ids }, numberKey: { $exists: true } }, options)
    .sort({ _id: 1 })
    .toArray();
  return {
    byDocument,
    survivors,
    accounts: Map.groupBy(owned.map(accountOf), ({ customerId }) => customerId),
  };
}

async function survivorsWith(
  documentKeys: readonly string[],
  session?: ClientSession,
): Promise<Map<string, Customer>> {
  if (documentKeys.length === 0) return new Map();
  const options = session ? { session } : {};
  const gone = await merges
    .native()
    .find({ documentKey: { $in: [...documentKeys] } }, options)
    .project<{ documentKey: string; into: string }>({ documentKey: 1, into: 1 })
    .toArray();
  const found = await customers
    .native()
    .find(
      { _id: { $in: gone.map(({ into }) => into) } },
      { projection: withoutLookups, ...options },
    )
    .toArray();
  const byId = new Map(found.map((kept) => [kept._id, customerOf(kept)]));
  return new Map(
    gone.flatMap(({ documentKey, into }) => {
      const survivor = byId.get(into);
      return survivor ? [[documentKey, survivor] as const] : [];
    }),
  );
}

/** The configured types of these codes, by their keys. */
export async function documentTypesOf(
  codeKeys: readonly string[],
  session?: ClientSession,
): Promise<Map<string, DocumentType>> {
  const found = await documentTypes
    .native()
    .find({ codeKey: { $in: [...new Set(codeKeys)] } }, session ? { session } : {})
    .toArray();
  return new Map(
    found.map((kept) => {
      const { codeKey, ...type } = entityOf<KeptDocumentType>(kept);
      return [codeKey, type];
    }),
  );
}

/** Keeps new customers, who are known to be the only ones with their documents. */
export async function insertAll(
  made: readonly { customer: Customer; lookups: Lookups }[],
  session: ClientSession,
): Promise<void> {
  if (made.length === 0) return;
  const kept = made.map(({ customer, lookups }) => keptWith(customer, lookups));
  await customers.native().insertMany(kept, { session });
  await claimAll(
    made.map(({ customer, lookups }) => ({ customerId: customer.id, keys: lookups.contactKeys })),
    session,
  );
}

type AccountLookups = Required<Pick<KeptAccount, "numberKey" | "searchWords">>;

/** Keeps new accounts of customers that have none of their numbers. */
export async function insertAccounts(
  made: readonly { account: Account; lookups: AccountLookups }[],
  session: ClientSession,
): Promise<void> {
  if (made.length === 0) return;
  const kept = made.map(({ account, lookups }) => keptOf<KeptAccount>({ ...account, ...lookups }));
  await accounts.native().insertMany(kept, { session });
}
