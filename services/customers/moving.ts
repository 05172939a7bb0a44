/**
 * What a merge of customers moves besides contact points: accounts and relations (F042, P7), in the
 * merge's transaction.
 */
import type { Tx } from "#shared/mongo/write.ts";
import { foundByAccounts } from "./accounts.ts";
import * as accountRules from "./accounts.rules.ts";
import * as accountStore from "./accounts.store.ts";
import type { Stamp } from "./customers.rules.ts";
import * as relationRules from "./relations.rules.ts";
import * as relationStore from "./relations.store.ts";

type Session = Tx<"customers">["session"];

/**
 * Gives the accounts of one customer to another, which is then found by them. One whose number the
 * other has already becomes a tombstone, and the other's takes over what additional data it lacks.
 * @returns what moved and what collided, to be told by `tellOf` and `tellOfEnd` of `accounts.ts`
 * @throws 409 TOO_MANY_ACCOUNTS where both together have more than 500
 */
export async function moveAccounts(
  from: string,
  into: string,
  session: Session,
  stamp: Stamp,
): Promise<accountRules.Joined> {
  const theirs = await accountStore.allOf(from, session);
  const own = await accountStore.allOf(into, session);
  const joined = accountRules.joined(theirs, { into, own }, stamp);
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
  await foundByAccounts(into, session);
  return joined;
}

/**
 * Gives the relations of one customer to another. One between the two, and one with somebody whom
 * the other is related to already, becomes a tombstone.
 * @returns what moved and what was dropped, to be told by `tellOf` of `relations.ts`
 * @throws 409 TOO_MANY_RELATIONS where both together have more than 500
 */
export async function moveRelations(
  from: string,
  into: string,
  session: Session,
  stamp: Stamp,
): Promise<relationRules.Joined> {
  const theirs = await relationStore.allOf(from, session);
  const own = await relationStore.allOf(into, session);
  const joined = relationRules.joined(theirs, { from, into, own }, stamp);
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
