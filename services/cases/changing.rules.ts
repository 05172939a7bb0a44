/** What of a case may be changed, and what it is afterwards (F080). Pure. */
import { changesBetween } from "#shared/changes.rules.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Change } from "#shared/contracts/common.ts";
import { invalidField } from "#shared/errors.ts";
import type { Stamp } from "./life.rules.ts";
import { tagsOf } from "./tags.rules.ts";

/** What a case carries of its account. */
export type AccountCopy = Required<Pick<Case, "accountId" | "accountNumber">>;

/** What the form may say; null clears, what is left out stays. */
export type Form = {
  [K in "caseTypeId" | "subject" | "accountId"]?: string | null | undefined;
} & {
  description?: string | undefined;
  priority?: Case["priority"] | undefined;
  tags?: string[] | null | undefined;
};

/** @throws 422 VALIDATION_ERROR at `description` */
export function requireReadable({ description }: Form): void {
  if (description?.trim() !== "") return;
  throw invalidField("description", "must say something", "blank");
}

/** Whether the form names a case type, or an account, that the case does not have yet. */
export const isNew = (named: string | null | undefined, current: string | undefined): boolean =>
  typeof named === "string" && named !== current;

/**
 * A case after a change; without a difference it is `current` itself.
 * @param account what the case carries of the account that the form names, where that is another
 */
export function changed(
  current: Case,
  { accountId, tags, ...form }: Form,
  account: AccountCopy | undefined,
): Case {
  const said = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
  const linked = account ?? (accountId === null ? unlinked : {});
  const withTags = tags === undefined ? {} : { tags: tagsOf(tags) };
  const after = cleared({ ...current, ...said, ...withTags, ...linked });
  return changesOf(current, after).length === 0 ? current : after;
}

const unlinked = { accountId: undefined, accountNumber: undefined };

/** A case with a flag, or without; where it is so already, it is `current` itself (F132). */
export function withFlag(current: Case, flagged: boolean, { at, by }: Stamp): Case {
  if (flagged === (current.flag !== undefined)) return current;
  const { flag: _former, ...unflagged } = current;
  return flagged ? { ...current, flag: { by, at } } : unflagged;
}

/** A case whose account is no more, linked to the one that takes its place if there is one (F033). */
export function relinked(
  kase: Case,
  heir: { id: string; number: string; isDeleted: boolean } | undefined,
): Case {
  const account =
    heir && !heir.isDeleted ? { accountId: heir.id, accountNumber: heir.number } : unlinked;
  return cleared({ ...kase, ...account });
}

/** Without what is empty. */
const cleared = (kase: { [K in keyof Case]?: Case[K] | null | undefined }): Case =>
  Object.fromEntries(
    Object.entries(kase).filter(([, value]) => value !== undefined && value !== null),
  ) as Case;

/** Old and new value of each field that people change (D18, F116). */
export const changesOf = (before: Case, after: Case): Change[] =>
  changesBetween(ownOf(before), ownOf(after));

/** Without what messages raise, and what is a copy of a neighbour's. */
export const ownOf = ({
  interactionCount: _interactions,
  unreadCount: _unread,
  lastInteraction: _last,
  lastCustomerUpdateAt: _lastUpdate,
  followUpSentAt: _followUp,
  customerName: _name,
  customerDocument: _document,
  ...own
}: Case): object => own;
