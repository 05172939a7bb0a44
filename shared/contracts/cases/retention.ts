/** How long cases are told of: their content goes some time after they were closed (B08). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  says,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { days } from "../campaigns/settings.ts";
import { page, paging } from "../common.ts";
import { ErasedKind } from "../privacy.ts";
import { number } from "./for-neighbours.ts";

const count = whole(0, 1_000_000_000);

/** Of `cancelled` the campaign keeps the content for longer meanwhile, or for ever. */
const state = oneOf("running", "done", "cancelled");

/** A walk through the closed cases of a campaign that takes their content away, or only counts. */
export type RetentionRun = Received<typeof RetentionRun>;
export const RetentionRun = {
  id,
  campaignId: id,
  /** Whether it only tells what would go. */
  dryRun: yesNo,
  state,
  retentionDays: days,
  /** Cases that were closed before are meant. */
  closedBefore: instant,
  /** Cases whose content goes. */
  found: count,
  /** Cases that a legal hold on a customer keeps as they are. */
  spared: count,
  oldestClosedAt: optional(instant),
  /** The oldest of those whose content goes. */
  examples: list(record({ id, number, closedAt: instant }), 20),
  report: list(record(ErasedKind), 200),
  createdAt: instant,
  createdBy: id,
  updatedAt: instant,
  finishedAt: optional(instant),
  /** The service that is away, while it goes on as soon as that is back. */
  waitsFor: optional(text(40)),
};

export const retentionActions = actions({
  startRetention: {
    rest: "POST /campaigns/:id/retention-runs",
    needs: "retention.manage",
    status: 202,
    says: "Removes the content of the campaign's cases that were closed long enough ago, for good; counts, numbers and times stay (B08).",
    params: {
      id,
      dryRun: says("Changes nothing: tells what would go.", withDefault(yesNo, false)),
      retentionDays: says(
        "Of a dry run: what if the campaign kept it for so many days? Otherwise the campaign's own.",
        optional(days),
      ),
    },
    returns: record(RetentionRun),
  },
  listRetentionRuns: {
    rest: "GET /retention-runs",
    needs: "retention.manage",
    says: "The runs over the content of cases, newest first.",
    params: { ...paging, campaignId: optional(id), state: optional(state) },
    returns: page(RetentionRun),
  },
  getRetentionRun: {
    rest: "GET /retention-runs/:id",
    needs: "retention.manage",
    says: "A run with its report: what was found, removed and kept, and why.",
    params: { id },
    returns: record(RetentionRun),
  },
});

export const retentionEvents = {
  retentionStarted: { id, campaignId: id, dryRun: yesNo },
  retentionFinished: { id, campaignId: id, dryRun: yesNo, state, found: count, spared: count },
  /** The content of a case is gone. */
  contentRemoved: { id, campaignId: id, customerId: id },
};
