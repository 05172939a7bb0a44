/** Customers as neighbours of the service under test: nobody has merged them. */
import type { Identity } from "../contracts/customers/merge.ts";

/** What customers answers to `identify`; of "nobody" it does not know. */
export const unmerged = ({ params: { ids } }: { params: { ids: string[] } }): Identity[] =>
  ids
    .filter((id) => id !== "nobody")
    .map((id) => ({ id, survivorId: id, casesWith: id, sharing: [id] }));
