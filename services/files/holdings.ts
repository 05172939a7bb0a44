/** What files keep about a customer, shown to it and erased with it (B08). */
import { holderOf, holding } from "#shared/holdings.ts";
import { eraseFiles, ofCustomers } from "./privacy.store.ts";
import type { KeptFile } from "./files.store.ts";
import type { Kept } from "#shared/mongo/store.ts";

export const holdings = holderOf("files", [
  holding<Kept<KeptFile>>({
    kind: "file",
    stays: "case, type, size and times, for they count the work; neither name nor content",
    page: ({ customerIds }, paging) => ofCustomers(customerIds, paging),
    show: ({ _id, uploadKey: _key, unclaimed: _unclaimed, ...shown }) => ({ id: _id, ...shown }),
    erase: eraseFiles,
  }),
]);
