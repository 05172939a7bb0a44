/** What an import makes of a customer's accounts (F222, F223, D19). Pure. */
import type { Account } from "#shared/contracts/customers/accounts.ts";
import type { ImportRecord, RecordOptions } from "#shared/contracts/customers/imports.ts";
import { compact } from "#shared/folding.rules.ts";
import { nameKey } from "#shared/names.rules.ts";
import * as accountRules from "./accounts.rules.ts";
import type { Stamp } from "./customers.rules.ts";

interface Making extends Stamp {
  options: RecordOptions;
  newId: () => string;
}

/**
 * What becomes of the accounts of a record, and of the customer's others.
 * @throws 409 TOO_MANY_ACCOUNTS; 422 for what makes no account
 */
export function plannedAccounts(
  { accounts: given, isPartial }: ImportRecord,
  { customerId, own }: { customerId: string; own: readonly Account[] },
  making: Making,
) {
  const { options, newId } = making;
  const byNumber = new Map(own.map((account) => [compact(account.number), account]));
  const decided = given.map(({ row, ...draft }) => {
    const before = byNumber.get(compact(draft.number));
    const after = before
      ? replacedAccount(before, draft.extraFields, making)
      : accountRules.opened(draft, { id: newId(), customerId, ...making });
    const outcome = !before ? "created" : after === before ? "skipped" : "updated";
    return { row, outcome, after, ...(before ? { before } : {}) } as const;
  });
  const kept = new Set(decided.map(({ after }) => compact(after.number)));
  const goes = (account: Account) =>
    options.deleteOtherAccounts && !isPartial && !kept.has(compact(account.number));
  const stays = own.filter((one) => !goes(one) && !kept.has(compact(one.number)));
  const now = [...stays, ...decided.map(({ after }) => after)];
  accountRules.requireRoom(now.length);
  return {
    taken: decided.map(({ row, outcome, after }) => ({ row, outcome, accountId: after.id })),
    kept: decided.filter(({ outcome }) => outcome !== "skipped"),
    ended: own.filter(goes).map((account) => accountRules.ended(account, making)),
    now,
  };
}

/** The file's additional data in place of those of the same names; the others stay. */
function replacedAccount(
  before: Account,
  given: Account["extraFields"],
  { options, ...making }: Making,
): Account {
  if (!options.replaceDuplicates) return before;
  const said = new Map(given.map((field) => [nameKey(field.name), field]));
  const known = new Set(before.extraFields.map(({ name }) => nameKey(name)));
  const extraFields = [
    ...before.extraFields.map((field) => {
      const now = said.get(nameKey(field.name));
      return now ? { ...field, value: now.value } : field;
    }),
    ...given.filter(({ name }) => !known.has(nameKey(name))),
  ].slice(0, mostExtraFields);
  return accountRules.changed(before, { extraFields }, making);
}

const mostExtraFields = 100;
