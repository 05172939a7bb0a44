/** Customers who may be the same person (F035, F036). */
import { actions } from "../../contract.ts";
import { id, list, oneOf, record, whole, yesNo, type Received } from "../../fields.ts";
import { paging } from "../common.ts";
import { Customer } from "./customer.ts";

export type Similar = Received<typeof Similar>;
const Similar = {
  customer: record(Customer),
  /** Per cent. */
  similarity: whole(0, 100),
  /** Whether the similarity reaches the threshold that is set. */
  likelySame: yesNo,
  /** What speaks for it, the strongest first, and how near each is: 100 is the same. */
  matched: list(
    record({
      field: oneOf("name", "birthDate", "documentNumber", "email", "phone", "social"),
      score: whole(0, 100),
    }),
    6,
  ),
};

export const similarActions = actions({
  similar: {
    rest: "GET /customers/:id/similar",
    needs: "customers.read",
    says: "Customers who may be the same person, best first: how similar in per cent, and which fields matched (F035, F036).",
    params: { id, limit: paging.limit },
    returns: record({ items: list(record(Similar), 200) }),
  },
});
