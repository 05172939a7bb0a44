/** Users: how they come to be, what changes of them, and what ends their sessions. */
import { changesBetween } from "#shared/changes.rules.ts";
import type { Change } from "#shared/contracts/common.ts";
import { User } from "#shared/contracts/identity.ts";
import type { Preferences } from "#shared/contracts/identity/user.ts";
import { stale } from "#shared/errors.ts";

/** A user with what only identity knows. */
export type Account = User & {
  passwordHash: string;
  /** Sessions of an earlier epoch are over: it goes up with every new role, password or disabling. */
  epoch: number;
};

type NewUser = Pick<User, "email" | "name" | "role" | "language">;

/** Who changes something, and when. */
export interface Made {
  by: string;
  at: Date;
}

export const open = (
  id: string,
  wanted: NewUser,
  passwordHash: string,
  { by, at }: Made,
): Account => ({
  id,
  ...wanted,
  disabled: false,
  version: 1,
  createdAt: at,
  createdBy: by,
  updatedAt: at,
  updatedBy: by,
  passwordHash,
  epoch: 1,
});

type Patch = Partial<Pick<Account, "name" | "role" | "passwordHash" | "disabled" | "language">>;

/**
 * The user as an administrator wants it.
 * @throws 412 STALE_VERSION when somebody else changed the user since
 */
export function change(account: Account, version: number, patch: Patch, made: Made): Account {
  if (account.version !== version) throw stale("user", account.id, account.version);
  return next(account, { ...account, ...patch }, made);
}

type OwnPatch = {
  [K in "currentCampaignId" | "signature"]?: string | null;
} & { language?: User["language"]; preferences?: { [K in keyof Preferences]?: Preferences[K] } };

/** The user as the user wants it; null clears, a preference left out stays (F075, F167, F229). */
export function changeOwn(
  account: Account,
  { preferences: preferred, ...patch }: OwnPatch,
  made: Made,
): Account {
  const preferences = preferred && { ...preferencesOf(account), ...preferred };
  const changed = Object.fromEntries(
    Object.entries({ ...account, ...patch, ...(preferences ? { preferences } : {}) }).filter(
      ([, value]) => value !== null,
    ),
  ) as Account;
  return next(account, changed, made);
}

/** All of a user's preferences: the usual ones where the user has chosen none (F075). */
export const preferencesOf = ({ preferences }: Pick<User, "preferences">): Preferences => ({
  viewColumns: 3,
  ...preferences,
});

/** The user with a new password. */
export const withPassword = (account: Account, passwordHash: string, made: Made): Account =>
  next(account, { ...account, passwordHash }, made);

function next(before: Account, after: Account, { by, at }: Made): Account {
  if (changesOf(before, after).length === 0) return before;
  const epoch = before.epoch + (endsSessions(before, after) ? 1 : 0);
  return { ...after, epoch, version: before.version + 1, updatedAt: at, updatedBy: by };
}

/** Whether what the sessions stand for is no longer so. */
const endsSessions = (before: Account, after: Account): boolean =>
  before.role !== after.role ||
  before.disabled !== after.disabled ||
  before.passwordHash !== after.passwordHash;

/** Whether there is one enabled administrator less. */
export const isAdministratorLost = (before: Account, after: Account): boolean =>
  isEnabledAdministrator(before) && !isEnabledAdministrator(after);

const isEnabledAdministrator = ({ role, disabled }: Account): boolean =>
  role === "administrator" && !disabled;

/** What changed (D18). Of a password only that it did. */
export const changesOf = (before: Account | undefined, after: Account): Change[] => [
  ...changesBetween(before ? userOf(before) : {}, userOf(after)),
  ...(before && before.passwordHash !== after.passwordHash
    ? [{ field: "password", old: null, new: null }]
    : []),
];

/** The user as others may know it. */
export const userOf = (account: Account): User =>
  Object.fromEntries(
    Object.keys(User).flatMap((name) => {
      const value = account[name as keyof User];
      return value === undefined ? [] : [[name, value]];
    }),
  ) as User;
