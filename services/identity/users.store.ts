/** Where users are kept. */
import type { ClientSession, Filter } from "mongodb";
import { User } from "#shared/contracts/identity.ts";
import { notFound } from "#shared/errors.ts";
import { secret, text, whole } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { nameKey, partOfName } from "#shared/names.rules.ts";
import type { Account } from "./users.rules.ts";

const users = collection(
  "identity",
  "users",
  {
    ...User,
    passwordHash: secret(),
    epoch: whole(1, 1_000_000_000),
    /** The address without regard to case: what an account is known by. */
    emailKey: text(254),
    nameKey: text(120),
  },
  [
    { key: { emailKey: 1 }, unique: true },
    { key: { nameKey: 1, _id: 1 } },
    { key: { role: 1, nameKey: 1, _id: 1 } },
    { key: { disabled: 1, nameKey: 1, _id: 1 } },
    { key: { role: 1, disabled: 1, nameKey: 1, _id: 1 } },
  ],
);

type Searchable = Account & { emailKey: string; nameKey: string };
type Row = Kept<Searchable>;

export const emailKey = (email: string): string => email.toLowerCase();

const rowOf = (account: Account): Row => ({
  ...keptOf(account),
  emailKey: emailKey(account.email),
  nameKey: nameKey(account.name),
});

function accountOf(row: Row): Account {
  const { emailKey: _email, nameKey: _name, ...account } = entityOf<Searchable>(row);
  return account;
}

const within = (session?: ClientSession) => (session ? { session } : {});

export async function find(id: string, session?: ClientSession): Promise<Account | undefined> {
  const row = await users.native().findOne({ _id: id }, within(session));
  return row ? accountOf(row) : undefined;
}

/** @throws 404 NOT_FOUND */
export async function get(id: string, session?: ClientSession): Promise<Account> {
  const account = await find(id, session);
  if (!account) throw notFound("user", id);
  return account;
}

export async function findByEmail(email: string): Promise<Account | undefined> {
  const row = await users.native().findOne({ emailKey: emailKey(email) });
  return row ? accountOf(row) : undefined;
}

export const isThereAny = async (): Promise<boolean> =>
  (await users.native().findOne({}, { projection: { _id: 1 } })) !== null;

/** Adds a user; the unique index on the e-mail refuses one that is there (`isEmailTaken`). */
export const add = (account: Account, session: ClientSession) =>
  users.native().insertOne(rowOf(account), { session });

export const replace = (account: Account, session: ClientSession) =>
  users.native().replaceOne({ _id: account.id }, rowOf(account), { session });

/**
 * Whether another enabled administrator stays. That one is written to, so that of two who disable
 * each other at the same moment one meets the other's write and looks again.
 */
export async function keepsAdministrator(without: string, session: ClientSession) {
  const other = await users
    .native()
    .findOneAndUpdate(
      { _id: { $ne: without }, role: "administrator", disabled: false },
      { $inc: { vouches: 1 } },
      { session },
    );
  return other !== null;
}

interface Search {
  role?: User["role"];
  disabled?: boolean;
  /** A part of the name or the e-mail. */
  q?: string;
  limit: number;
  cursor?: string;
  count?: boolean;
}

/** Users by name. */
export async function page({ role, disabled, q, ...paging }: Search): Promise<Page<Account>> {
  const filter: Filter<Row> = {
    ...(role ? { role } : {}),
    ...(disabled === undefined ? {} : { disabled }),
    ...(q ? { $or: [{ nameKey: partOfName(q) }, { emailKey: partOfName(q) }] } : {}),
  };
  const sort = [
    ["nameKey", 1],
    ["_id", 1],
  ] as const;
  const found = await findPage<Row>(users.native(), { filter, sort, ...paging });
  return { ...found, items: found.items.map(accountOf) };
}

export async function those(ids: readonly string[]): Promise<Account[]> {
  const rows = await users
    .native()
    .find({ _id: { $in: [...ids] } })
    .toArray();
  return rows.map(accountOf);
}

/** Agents who are not disabled, by name; of these users only, where some are given. */
export async function pageOfAgents({
  ids,
  limit,
  cursor,
}: {
  ids?: readonly string[];
  limit: number;
  cursor?: string;
}): Promise<Page<Account>> {
  const filter: Filter<Row> = {
    role: "agent",
    disabled: false,
    ...(ids ? { _id: { $in: [...ids] } } : {}),
  };
  const sort = [
    ["nameKey", 1],
    ["_id", 1],
  ] as const;
  const found = await findPage<Row>(users.native(), { filter, sort, limit, cursor });
  return { ...found, items: found.items.map(accountOf) };
}
