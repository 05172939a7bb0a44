/**
 * What a merge of customers moves besides contact points: accounts and relations (F042, P7), in the
 * merge's transaction.
 */
import type { Tx } from "#shared/mongo/write.ts";
import * as accounts from "./accounts.ts";
import * as accountRules from "./accounts.rules.ts";
import * as accountStore from "./accounts.store.ts";
import type { Stamp } from "./customers.rules.ts";
import * as relations from "./relations.ts";
import * as relationRules from "./relations.rules.ts";
import * as relationStore from "./relations.store.ts";

type Session = Tx<"customers">["session"];

/** What `moveAccounts` would do. */
export async function accountsJoined(
  from: string,
  into: string,
  session: Session,
  stamp: Stamp,
): Promise<accountRules.Joined> {
  const theirs = await accountStore.allOf(from, session);
  const own = await accountStore.allOf(into, session);
  return accountRules.joined(theirs, { into, own }, stamp);
}

/** What `moveRelations` would do. */
export async function relationsJoined(
  from: string,
  into: string,
  session: Session,
  stamp: Stamp,
): Promise<relationRules.Joined> {
  const theirs = await relationStore.allOf(from, session);
  const own = await relationStore.allOf(into, session);
  return relationRules.joined(theirs, { from, into, own }, stamp);
}

/**
 * Gives the accounts of one customer to another, which is then found by them. One whose number the
 * other has already becomes a tombstone, and the other's takes over what additional data it lacks.
 * @returns what moved and what collided, to be announced by `tellOfMoved`
 * @throws 409 TOO_MANY_ACCOUNTS where both together have more than 500
 */
export async function moveAccounts(
  from: string,
  into: string,
  session: Session,
  stamp: Stamp,
): Promise<accountRules.Joined> {
  const joined = await accountsJoined(from, into, session, stamp);
  const { moved, collided } = joined;
  const completed = collided.flatMap(({ before, after }) => (after === before ? [] : [after]));
  const kept = [...moved.map(({ after }) => after), ...completed];
  await accountStore.bury(
    collided.map(({ ended }) => ended),
    session,
  );
  await accountStore.replaceAll(
    kept.map((account) => ({ account, lookups: accountRules.lookupsOf(account) })),
    session,
  );
  await accounts.foundByAccounts(into, session);
  return joined;
}

/**
 * Gives the relations of one customer to another. One between the two, and one with somebody whom
 * the other is related to already, becomes a tombstone.
 * @returns what moved and what was dropped, to be announced by `tellOfMoved`
 * @throws 409 TOO_MANY_RELATIONS where both together have more than 500
 */
export async function moveRelations(
  from: string,
  into: string,
  session: Session,
  stamp: Stamp,
): Promise<relationRules.Joined> {
  const joined = await relationsJoined(from, into, session, stamp);
  await relationStore.bury(
    joined.dropped.map(({ after }) => after),
    session,
  );
  await relationStore.replaceAll(
    joined.moved.map(({ after }) => ({
      relation: after,
      pairKey: relationRules.pairKeyOf(after),
    })),
    session,
  );
  return joined;
}

/** Announces what moved; the cases of an account that ended go to the one that took its place. */
export function tellOfMoved(
  tx: Tx<"customers">,
  { moved, collided }: accountRules.Joined,
  joined: relationRules.Joined,
): void {
  for (const { before, after } of moved) accounts.tellOf(tx, before, after);
  for (const { ended, before, after } of collided) {
    if (after !== before) accounts.tellOf(tx, before, after);
    accounts.tellOfEnd(tx, ended, after.id);
  }
  for (const { before, after } of joined.moved) {
    relations.tellOf(tx, "customers.relationChanged", before, after);
  }
  for (const { before, after } of joined.dropped) {
    relations.tellOf(tx, "customers.relationDeleted", before, after);
  }
}
