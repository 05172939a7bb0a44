/** What makes an account, what may change in one, and what becomes of two of one number. Pure. */
import type { Account, ExtraField } from "#shared/contracts/customers/accounts.ts";
import { conflict, invalid, invalidField } from "#shared/errors.ts";
import { compact } from "#shared/folding.rules.ts";
import { nameKey } from "#shared/names.rules.ts";
import type { Stamp } from "./customers.rules.ts";
import { accountWordsOf } from "./search-words.rules.ts";

/** The most accounts that one customer may have. */
const mostAccounts = 500;

/** The most additional data that an account may have, where it took over those of another. */
const mostExtraFields = 100;

type Draft = Pick<Account, "number" | "extraFields">;

/**
 * A new account (F027-F029).
 * @throws 422 at `number` without letters or digits, at the name of an additional datum that stands
 *   there twice
 */
export function opened(
  draft: Draft,
  { id, customerId, at, by }: Stamp & { id: string; customerId: string },
): Account {
  requireReadable(draft);
  const trail = { version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  return { id, customerId, ...draft, ...trail };
}

/**
 * An account after a change; without a difference it is `current` itself (F030).
 * @throws 422 as `opened`
 */
export function changed(
  current: Account,
  changes: { [K in keyof Draft]?: Draft[K] | undefined },
  stamp: Stamp,
): Account {
  const { number = current.number, extraFields = current.extraFields } = changes;
  requireReadable({ number, extraFields: changes.extraFields ?? [] });
  const isSame =
    number === current.number &&
    JSON.stringify(extraFields) === JSON.stringify(current.extraFields);
  return isSame ? current : next({ ...current, number, extraFields }, stamp);
}

/** The version of an account that tells of its end. */
export const ended = (account: Account, stamp: Stamp): Account => next(account, stamp);

const next = (account: Account, { at, by }: Stamp): Account => ({
  ...account,
  version: account.version + 1,
  updatedAt: at,
  updatedBy: by,
});

/** @throws 409 TOO_MANY_ACCOUNTS where a customer would have more than 500 */
export function requireRoom(count: number): void {
  if (count <= mostAccounts) return;
  throw conflict("TOO_MANY_ACCOUNTS", "The customer would have too many accounts", {
    limit: mostAccounts,
  });
}

/** What an account is told apart and found by: its number without case, spaces and punctuation. */
export const lookupsOf = ({ number }: Pick<Account, "number">) => ({
  numberKey: compact(number),
  searchWords: accountWordsOf(number),
});

function requireReadable({ number, extraFields }: Draft): void {
  if (compact(number) === "") {
    throw invalidField("number", "must have letters or digits", "account");
  }
  const names = extraFields.map(({ name }) => nameKey(name));
  const doubles = names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
  if (doubles.length === 0) return;
  throw invalid(
    doubles.map((index) => ({
      path: `extraFields[${String(index)}].name`,
      message: "must not stand in the list twice",
      code: "account",
    })),
  );
}

// ── When two customers become one ────────────────────────────────────────────

/** An account that gives way to the one of the same number that the customer has already. */
interface Collision {
  /** The last version of the account that ends. */
  ended: Account;
  /** The one that stays, as it was and as it is now; the same where it had everything. */
  before: Account;
  after: Account;
}

export interface Joined {
  /** Accounts that change hands, as they were and as they are now. */
  moved: { before: Account; after: Account }[];
  collided: Collision[];
}

/**
 * What becomes of one customer's accounts when another takes them over: each moves, unless the other
 * has one of the same number, which then stays and gets the additional data that it lacks, as many
 * as there is room for (F042, P7).
 * @throws 409 TOO_MANY_ACCOUNTS where both together have more than 500
 */
export function joined(
  theirs: readonly Account[],
  { into, own }: { into: string; own: readonly Account[] },
  stamp: Stamp,
): Joined {
  const byNumber = new Map(own.map((account) => [compact(account.number), account]));
  const twinOf = ({ number }: Account) => byNumber.get(compact(number));
  const moving = theirs.filter((account) => !twinOf(account));
  requireRoom(own.length + moving.length);

  return {
    moved: moving.map((before) => ({
      before,
      after: next({ ...before, customerId: into }, stamp),
    })),
    collided: theirs.flatMap((absorbed) => {
      const before = twinOf(absorbed);
      if (!before) return [];
      return [{ ended: ended(absorbed, stamp), before, after: completed(before, absorbed, stamp) }];
    }),
  };
}

function completed(survivor: Account, absorbed: Account, stamp: Stamp): Account {
  const known = new Set(survivor.extraFields.map(({ name }) => nameKey(name)));
  const missing = absorbed.extraFields.filter(({ name }: ExtraField) => !known.has(nameKey(name)));
  const extraFields = [...survivor.extraFields, ...missing].slice(0, mostExtraFields);
  if (extraFields.length === survivor.extraFields.length) return survivor;
  return next({ ...survivor, extraFields }, stamp);
}
