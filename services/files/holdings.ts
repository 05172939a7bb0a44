/** What files keep about a customer, shown to it and erased with it, or with the time (B08). */
import { caseHolderOf, caseHolding } from "#shared/holdings.ts";
import { eraseFiles, ofCases, ofCustomers } from "./privacy.store.ts";
import type { KeptFile } from "./files.store.ts";
import type { Kept } from "#shared/mongo/store.ts";

export const holdings = caseHolderOf("files", [
  caseHolding<Kept<KeptFile>>({
    kind: "file",
    stays: "case, type, size and times, for they count the work; neither name nor content",
    page: ({ customerIds }, paging) => ofCustomers(customerIds, paging),
    show: ({ _id, uploadKey: _key, unclaimed: _unclaimed, ...shown }) => ({ id: _id, ...shown }),
    erase: eraseFiles,
    ofCases,
    empty: eraseFiles,
  }),
]);
