/** The account that a case is about: one of its customer's (F062, F067). */
import type { Caller } from "#shared/bus.ts";
import type { Tx } from "#shared/mongo/write.ts";
import { learn, type KnownAccount } from "./accounts.store.ts";
import { notTheirAccount } from "./cases.rules.ts";

/** An account as customers know it now; undefined where it is unknown or deleted. */
export async function described(
  caller: Caller,
  id: string,
): Promise<(KnownAccount & { customerId: string }) | undefined> {
  const [found] = await caller.call("customers.describeAccounts", { ids: [id] });
  return found && { ...found, isDeleted: false };
}

/**
 * The account that a customer's case is to be about.
 * @throws 422 VALIDATION_ERROR at `accountId` where it is not one of the customer's
 */
export async function chosenAccount(
  caller: Caller,
  accountId: string,
  customerId: string,
): Promise<KnownAccount> {
  const found = await described(caller, accountId);
  if (found?.customerId !== customerId) throw notTheirAccount();
  const { id, number, version, isDeleted } = found;
  return { id, number, version, isDeleted };
}

/**
 * What a case carries of the account that it is linked to in this transaction.
 * @throws 422 VALIDATION_ERROR at `accountId` where it was deleted meanwhile
 */
export async function linkTo(
  account: KnownAccount,
  { session }: Tx<"cases">,
): Promise<{ accountId: string; accountNumber: string }> {
  const { id, number, isDeleted } = await learn(account, session);
  if (isDeleted) throw notTheirAccount();
  return { accountId: id, accountNumber: number };
}
