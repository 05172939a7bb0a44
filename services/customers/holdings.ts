/**
 * What customers keep about a person, shown to it and erased with it (B08). The customer itself, its
 * keys and its entries of the block list are taken away in the moment in which an erasure begins;
 * here is what is left of them, so that what was announced of them is erased as well. A collection
 * that is added to this service gets an entry here.
 */
import type { Subject } from "#shared/contracts/privacy.ts";
import { holderOf, holding } from "#shared/holdings.ts";
import type { Page } from "#shared/mongo/pages.ts";
import { customerOf } from "./customers.store.ts";
import { leftOf, type Tombstone } from "./erasures.store.ts";
import { blockedOf, formerlyBlockedOf, personsOf } from "./privacy.store.ts";

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
]);
