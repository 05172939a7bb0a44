/** Lists of cases: what they are narrowed and sorted by, and how many there are (F120, F127, F131, F132, D12-D14, G03). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
  type Shape,
} from "../../fields.ts";
import { page, paging } from "../common.ts";
import { caseFilters } from "./filters.ts";
import { many, priority, status } from "./status.ts";

/** Who flagged a case, and when (F132, F135). */
export type CaseFlag = Received<typeof CaseFlag>;
export const CaseFlag = { by: id, at: instant };

/** A descending sort begins with the latest or the last; cases without a value are at its end. */
const sort = oneOf(
  ...(["-created", "created", "-updated", "updated"] as const),
  ...(["-lastCustomerUpdate", "lastCustomerUpdate"] as const),
  ...(["from", "-from", "subject", "-subject"] as const),
  ...(["relevance", "priority", "flag"] as const),
);

/** As far as a counter counts; of more it says that it is not exact. */
export const mostCounted = 1_000;

const counter = record({ count: whole(0, mostCounted), isExact: yesNo });

const listParams = {
  ...paging,
  q: optional(text(200)),
  state: optional(oneOf("active", "closed")),
  ...caseFilters,
  interactionId: optional(id),
  from: optional(text(100)),
  subject: optional(text(100)),
  flag: optional(yesNo),
  followUp: optional(oneOf("pending", "sent")),
  due: optional(yesNo),
  nextActionFrom: optional(instant),
  nextActionTo: optional(instant),
  sort: withDefault(sort, "-created"),
};

/** @param kase the shape of a case as it is read */
export const listActions = <S extends Shape, K extends Shape>(kase: S, changed: K) =>
  actions({
    list: {
      rest: "GET /cases",
      needs: "cases.read",
      says: "The cases that the user may see (G04), newest first unless `sort` says otherwise. Without `campaignId`, `customerId`, `interactionId` and `q` those of the user's current campaign, if there is one (G03); `campaignId=all` is all. Of a customer, with those of other campaigns that may be read (F125).",
      params: listParams,
      returns: page(kase),
    },
    counters: {
      rest: "GET /cases/counters",
      needs: "cases.read",
      says: "How many cases the user sees behind each filter, each counted up to 1,000; of the current campaign unless told otherwise, as in the list.",
      params: { campaignId: many(id) },
      /** All but `byState` and `byStatus` are of active cases. */
      returns: record({
        byState: record({ active: counter, closed: counter }),
        byStatus: list(record({ status, count: whole(0, mostCounted), isExact: yesNo }), 5),
        byPriority: list(record({ priority, count: whole(0, mostCounted), isExact: yesNo }), 3),
        mine: counter,
        unassigned: counter,
        flagged: counter,
        due: counter,
      }),
    },
    flag: {
      rest: "POST /cases/:id/flag",
      needs: "cases.change",
      status: 200,
      says: "Flags a case for everybody who sees it, or takes the flag off with `flagged` false (F132, F135).",
      params: { id, flagged: withDefault(yesNo, true) },
      returns: record(changed),
    },
  });
