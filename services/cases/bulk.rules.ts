/** Jobs over many cases: what they begin as, and what becomes of each case (F112, F126). Pure. */
import type { BulkJob, BulkRow } from "#shared/contracts/cases/bulk.ts";
import { conflict, invalidField, isRefusal, notYours, type Refusal } from "#shared/errors.ts";

/** As many cases as a filter may choose; whoever means more says so in several jobs. */
const mostCases = 20_000;
/** Jobs of one user that are not over. */
const mostJobs = 5;

/** What became of a case, as its row keeps it. */
export type Outcome = Omit<BulkRow, "place" | "outcome"> & { outcome: "done" | "refused" };

/** @throws 422 VALIDATION_ERROR at `caseIds` where both or none of them choose cases */
export function requireChoice(asked: {
  caseIds?: string[] | undefined;
  filter?: object | undefined;
}): void {
  if (asked.caseIds && asked.filter) {
    throw invalidField("caseIds", "cannot be given together with a filter", "exclusive");
  }
  if (!asked.caseIds && !asked.filter) {
    throw invalidField("caseIds", "is required, or a filter", "required");
  }
}

/** @throws 422 VALIDATION_ERROR at `filter` */
export function requireFew(found: number): void {
  if (found <= mostCases) return;
  throw invalidField("filter", `finds more than ${String(mostCases)} cases`, "tooMany");
}

/** @throws 409 TOO_MANY_JOBS */
export function requireRoom(unfinished: number): void {
  if (unfinished < mostJobs) return;
  throw conflict("TOO_MANY_JOBS", "Some of your jobs have to end first", { limit: mostJobs });
}

/** @throws 403 FORBIDDEN for an agent none of whose campaigns allows it (F112, D05) */
export function requireSomeAllowed(allowed: readonly boolean[]): void {
  if (allowed.includes(true)) return;
  throw notYours("Your campaigns do not let agents close cases in bulk");
}

/** A job as it begins. */
export const begun = (
  kind: BulkJob["kind"],
  state: "gathering" | "running",
  { id, by, at, total }: { id: string; by: string; at: Date; total: number },
): BulkJob => ({
  ...{ id, kind, state, total, done: 0, refused: 0 },
  ...{ createdAt: at, createdBy: by },
});

/** A refusal of what the campaign of a case does not allow its agents. */
export const notAllowed: Outcome = {
  outcome: "refused",
  status: 403,
  code: "BULK_CLOSE_NOT_ALLOWED",
  detail: "The campaign does not let agents close cases in bulk",
};

export const notThere: Outcome = {
  outcome: "refused",
  status: 404,
  code: "NOT_FOUND",
  detail: "There is no such case",
};

/**
 * What a row keeps of a refusal; undefined where the same may succeed later.
 * @param tried how often it was tried before: what fails for no reason that we know is given up
 */
export function outcomeOf(error: unknown, tried: number): Outcome | undefined {
  if (isRefusal(error) && error.code >= 400 && error.code < 500) return refusalOf(error);
  return tried < mostTries ? undefined : failed;
}

function refusalOf({ code: status, type: code, message, data = {} }: Refusal): Outcome {
  const { errors, reasons } = data;
  return {
    ...{ outcome: "refused", status, code, detail: message.slice(0, 1_000) },
    ...(errors === undefined ? {} : { errors }),
    ...(reasons === undefined ? {} : { reasons }),
  };
}

const mostTries = 3;

const failed: Outcome = {
  outcome: "refused",
  code: "FAILED",
  detail: "It could not be done, and will be looked into",
};
