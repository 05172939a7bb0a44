/**
 * What customers keep about a person, shown to it and erased with it (B08). The customer itself, its
 * keys and its entries of the block list are taken away in the moment in which an erasure begins;
 * here is what is left of them, so that what was announced of them is erased as well. A collection
 * that is added to this service gets an entry here.
 */
import { system } from "#shared/actor.ts";
import type { Subject } from "#shared/contracts/privacy.ts";
import { holderOf, holding } from "#shared/holdings.ts";
import type { Page } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { ended as endedAccount } from "./accounts.rules.ts";
import { accountOf, bury as buryAccounts } from "./accounts.store.ts";
import { customerOf } from "./customers.store.ts";
import { leftOf, type Tombstone } from "./erasures.store.ts";
import {
  accountsOf,
  eraseFromAccounts,
  eraseFromRelations,
  eraseRemovedPoints,
  relationsOf,
  removedPointsOf,
} from "./belongings.store.ts";
import { ended as endedRelation } from "./relations.rules.ts";
import { bury as buryRelations, relationOf } from "./relations.store.ts";
import type { KeptAccount, KeptRelation } from "./tables.store.ts";
import { absorbedInto, blockedOf, formerlyBlockedOf, personsOf } from "./privacy.store.ts";

interface Paging {
  limit: number;
  cursor?: string | undefined;
}

export const stays = {
  customer: "id, kind and times, for they count; no name, document, contact point, tag or key",
  blockedAddress: "id; the address is heard again, until somebody blocks it anew",
};

/** What is there, or what an erasure has left of it. */
const whole =
  <D extends { _id: string }>(
    there: (subject: Subject, paging: Paging) => Promise<Page<D>>,
    of: Tombstone["of"],
  ) =>
  async (subject: Subject, paging: Paging): Promise<Page<{ _id: string }>> => {
    const page = paging.cursor === undefined ? await there(subject, paging) : undefined;
    return page && page.items.length > 0 ? page : leftOf(subject.customerIds, of, paging);
  };

const erasedBefore = () => Promise.resolve(0);

export const holdings = holderOf("customers", [
  holding({
    kind: "customer",
    stays: stays.customer,
    page: whole(personsOf, "customer"),
    show: (kept) => customerOf(kept as never),
    erase: erasedBefore,
  }),
  holding({
    kind: "mergedCustomer",
    stays: stays.customer,
    page: absorbedInto,
    show: ({ absorbed, createdAt }) => ({ ...absorbed, mergedAt: createdAt }),
    erase: erasedBefore,
  }),
  holding({
    kind: "blockedAddress",
    stays: stays.blockedAddress,
    page: whole(blockedOf, "blockedAddress"),
    show: ({ _id, key: _key, ...kept }: { _id: string; key?: string }) => ({ id: _id, ...kept }),
    erase: erasedBefore,
  }),
  holding({
    kind: "formerlyBlockedAddress",
    stays: stays.blockedAddress,
    page: formerlyBlockedOf,
    show: ({ _id }) => ({ id: _id }),
    erase: erasedBefore,
  }),
  holding({
    kind: "removedContactPoint",
    stays: "nothing",
    page: ({ customerIds }, paging) => removedPointsOf(customerIds, paging),
    show: ({ _id, ...kept }) => ({ id: _id, ...kept }),
    erase: eraseRemovedPoints,
  }),
  holding({
    kind: "account",
    stays: "id and times; the account is deleted, and unlinked from its cases",
    page: ({ customerIds }, paging) => accountsOf(customerIds, paging),
    show: accountOf,
    erase: eraseAccounts,
  }),
  holding({
    kind: "relation",
    stays: "ids and times; the relation is deleted, for the other customer as well",
    page: ({ customerIds }, paging) => relationsOf(customerIds, paging),
    show: relationOf,
    erase: eraseRelations,
  }),
]);

const cause = { meta: { actor: system } };

/** Cases are told, so that they forget the number (F033). */
async function eraseAccounts(kept: Kept<KeptAccount>[]): Promise<number> {
  const live = kept.filter(({ numberKey }) => numberKey !== undefined);
  if (live.length > 0) {
    await write("customers", cause, async (tx) => {
      const ended = live.map((one) =>
        endedAccount(accountOf(one), { at: new Date(), by: system.id }),
      );
      await buryAccounts(ended, tx.session);
      for (const { id, customerId, version } of ended) {
        tx.announce({
          event: "customers.accountDeleted",
          aggregate: { kind: "account", id, version },
          data: { id, customerId },
        });
      }
    });
  }
  return eraseFromAccounts(kept);
}

async function eraseRelations(kept: Kept<KeptRelation>[]): Promise<number> {
  const live = kept.filter(({ pairKey }) => pairKey !== undefined);
  if (live.length > 0) {
    await write("customers", cause, async (tx) => {
      const ended = live.map((one) =>
        endedRelation(relationOf(one), { at: new Date(), by: system.id }),
      );
      await buryRelations(ended, tx.session);
      for (const { id, sourceCustomerId, targetCustomerId, version } of ended) {
        tx.announce({
          event: "customers.relationDeleted",
          aggregate: { kind: "customerRelation", id, version },
          data: { id, sourceCustomerId, targetCustomerId },
        });
      }
    });
  }
  return eraseFromRelations(kept);
}
