/** Many cases at once, as jobs: closed (F112, F126) or made by hand (F060), with a result for each. */
import { actions } from "../../contract.ts";
import {
  anything,
  id,
  instant,
  list,
  oneOf,
  optional,
  personal,
  record,
  says,
  text,
  whole,
  type Received,
} from "../../fields.ts";
import { page, paging } from "../common.ts";
import { NewCase } from "./creation.ts";
import { number } from "./for-neighbours.ts";
import { caseFilters } from "./filters.ts";
import { many } from "./status.ts";

const count = whole(0, 1_000_000);

/** Of `gathering` the cases are still being looked for; of `cancelling` some are under way. */
const state = oneOf("gathering", "running", "cancelling", "done", "cancelled");
const kind = oneOf("close", "create");

/** A job over many cases. */
export type BulkJob = Received<typeof BulkJob>;
export const BulkJob = {
  id,
  kind,
  state,
  /** How many cases; while they are gathered, about how many. */
  total: count,
  done: count,
  refused: count,
  createdAt: instant,
  createdBy: id,
  finishedAt: optional(instant),
};

const outcome = oneOf("pending", "done", "refused", "skipped");

/** What became of one case of a job; `skipped` where it was cancelled before. */
export type BulkRow = Received<typeof BulkRow>;
export const BulkRow = {
  /** In the order in which the cases were given or found, from 1. */
  place: whole(1, 1_000_000),
  outcome,
  /** As it was given, or of the case that was found or made. */
  caseId: optional(id),
  number: optional(number),
  /** Of a refusal: what the same request alone would have been answered. */
  status: optional(whole(400, 499)),
  code: optional(text(60)),
  detail: optional(text(1_000)),
  /** Fields that were refused, or the reasons why a case cannot be closed. */
  errors: optional(anything),
  reasons: optional(anything),
};

/** What of the filters of `GET /cases` chooses the cases to be closed. */
export const bulkFilter = { q: optional(personal(text(200))), ...caseFilters };

export const bulkActions = actions({
  bulkClose: {
    rest: "POST /cases/bulk-close",
    needs: "cases.close",
    status: 202,
    says: "Closes many cases that the user sees, named or found by a filter, as a job; agents only where their campaign allows it (F112, F126).",
    params: {
      caseIds: says("Ids or numbers.", optional(list(id, 5_000, 1))),
      filter: says(
        "As `GET /cases`, with lists for several values; 20,000 open cases at most.",
        optional(record(bulkFilter)),
      ),
    },
    returns: record(BulkJob),
  },
  bulkCreate: {
    rest: "POST /cases/bulk",
    needs: "cases.create",
    status: 202,
    bodyLimit: 4_000_000,
    says: "Makes many cases by hand, each as `POST /cases` does, as a job.",
    params: { cases: list(record(NewCase), 1_000, 1) },
    returns: record(BulkJob),
  },
});

/** Watching jobs, and cancelling them. */
export const bulkJobActions = actions({
  listBulkJobs: {
    rest: "GET /bulk-jobs",
    needs: "cases.read",
    says: "The jobs of the user, of an administrator everybody's, newest first; kept for 30 days.",
    params: { ...paging, kind: optional(kind), state: many(state) },
    returns: page(BulkJob),
  },
  getBulkJob: {
    rest: "GET /bulk-jobs/:id",
    needs: "cases.read",
    says: "A job and how far it has got.",
    params: { id },
    returns: record(BulkJob),
  },
  listBulkRows: {
    rest: "GET /bulk-jobs/:id/rows",
    needs: "cases.read",
    says: "What became of each case of a job, in their order.",
    params: { id, ...paging, outcome: optional(outcome) },
    returns: page(BulkRow),
  },
  cancelBulkJob: {
    rest: "POST /bulk-jobs/:id/cancel",
    needs: "cases.read",
    status: 200,
    says: "Leaves the rest of a job undone; what is done stays done.",
    params: { id },
    returns: record(BulkJob),
  },
});

export const bulkEvents = {
  bulkStarted: { id, kind, userId: id },
  bulkFinished: { id, kind, userId: id, state, total: count, done: count, refused: count },
};
