/** What imports keep about a customer, shown to it and erased with it (B08). */
import { holderOf, holding } from "#shared/holdings.ts";
import { entityOf } from "#shared/mongo/store.ts";
import { eraseRows, rowsOf } from "./privacy.store.ts";
import type { KeptRow } from "./tables.store.ts";

export const holdings = holderOf("imports", [
  holding({
    kind: "importRow",
    stays:
      "which row of which import it was, and what became of it, for they are counted; nothing that it said",
    page: rowsOf,
    show: (kept) => entityOf<KeptRow>(kept),
    erase: eraseRows,
  }),
]);
