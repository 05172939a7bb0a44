/** What other services ask of cases: who may read which, and how many a customer has. */
import { actions } from "../../contract.ts";
import { id, instant, list, optional, record, whole, yesNo, type Received } from "../../fields.ts";
import { announcerActions, caseHolderActions, holderActions } from "../privacy.ts";
import { Filed, Filing } from "./filing.ts";
import { status } from "./status.ts";

export const number = whole(1, Number.MAX_SAFE_INTEGER);
const count = whole(0, 1_000_000_000);

/** A case that the user may read; only that where it belongs to a campaign of others (F125). */
export type ReadableCase = Received<typeof ReadableCase>;
export const ReadableCase = { id, number, campaignId: id, readOnly: optional(yesNo) };

export const neighbourActions = actions({
  ...announcerActions,
  ...holderActions,
  ...caseHolderActions,
  /** How many cases these customers have, whoever may see them. */
  countOf: { params: { customerIds: list(id, 600) }, returns: record({ count: whole(0, 1e9) }) },
  /** Files each message with its case, opening one where D01 says so. Twice is as once. */
  file: { params: { filings: list(record(Filing), 500) }, returns: list(record(Filed), 500) },
  /**
   * What the user who asks may do with the case: 404 where it may not even be read. Of a case that
   * was merged, what the one that it leads to allows.
   */
  access: {
    params: { id },
    returns: record({
      ...ReadableCase,
      customerId: id,
      closed: yesNo,
      /** Cases that were merged into it: what is kept of them is this one's (P7). */
      formerIds: optional(list(id, 100)),
    }),
  },
  /** Those of these cases that the user who asks may read (G04, F125), in no order. */
  readable: { params: { ids: list(id, 500) }, returns: list(record(ReadableCase), 500) },
  /**
   * How many cases of a customer the user who asks may read, made from `from` to `to`, both
   * included: every status, and the campaigns with most cases first. Counted are the newest 10,000;
   * `isComplete` says whether that was all.
   */
  countsOf: {
    params: {
      customerId: id,
      /** Who was merged into the customer: their cases count, too. */
      formerIds: optional(list(id, 600)),
      from: optional(instant),
      to: optional(instant),
      campaignId: optional(id),
    },
    returns: record({
      byStatus: list(record({ status, count }), 5),
      byCampaign: list(record({ campaignId: id, count }), 200),
      isComplete: yesNo,
    }),
  },
});
