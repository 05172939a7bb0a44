/** What cases know of the accounts that they are about, and the cases of an account (F034). */
import type { ClientSession, Filter } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { caseOf } from "./cases.store.ts";
import { accounts, cases, entries, type KeptAccount, type KeptCase } from "./tables.store.ts";

/** An account as customers told of it. */
export type KnownAccount = Omit<KeptAccount, "holds">;

/**
 * Keeps what was told of an account unless something newer is known, and answers the newest. Holds
 * the account until the transaction ends: a case that is linked to it at the moment in which it is
 * changed or deleted meets that here.
 */
export async function learn(told: KnownAccount, session: ClientSession): Promise<KnownAccount> {
  const { id, ...rest } = told;
  const isKnown = { $gte: ["$version", told.version] };
  const newest = await accounts.native().findOneAndUpdate(
    { _id: id },
    [
      {
        $replaceWith: {
          $cond: [isKnown, "$$ROOT", { $mergeObjects: ["$$ROOT", { $literal: rest }] }],
        },
      },
      { $set: { holds: { $add: [{ $ifNull: ["$holds", 0] }, 1] } } },
    ],
    { upsert: true, returnDocument: "after", session },
  );
  if (!newest) throw new Error("What was kept of an account was not answered");
  const { number, version, isDeleted } = newest;
  return { id, number, version, isDeleted };
}

/** Brings the number that cases carry up to date; twice is as once, and no version is raised. */
export async function copyNumber({ id, number }: KnownAccount): Promise<void> {
  const outdated = { accountId: id, accountNumber: { $ne: number } } as Filter<Kept<KeptCase>>;
  await cases
    .native()
    .updateMany(outdated, { $set: { accountNumber: number } }, { hint: entries.account });
}

/** Some of the cases of an account, closed ones too. */
export async function linkedTo(
  accountId: string,
  limit: number,
  session: ClientSession,
): Promise<Case[]> {
  const found = await cases
    .native()
    .find({ accountId } as Filter<Kept<KeptCase>>, { session, hint: entries.account })
    .limit(limit)
    .toArray();
  return found.map(caseOf);
}
