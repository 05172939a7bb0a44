/** Two cases that are one: what a merge moves, and what becomes of both (F093-F100, D02, D03). */
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
  type Shape,
} from "../../fields.ts";
import { page, paging, version } from "../common.ts";
import { MergeParts, MergePlan } from "../customers/merge.ts";
import { number } from "./for-neighbours.ts";

const count = whole(0, 1_000_000_000);

/** What a case says of merges. */
export const merged = {
  /** The case that it was merged into, and that it leads to from then on (D03). */
  mergedInto: optional(id),
  /** The cases that were merged into it: their numbers lead here. */
  absorbed: optional(list(record({ id, number }), 100)),
};

/** How much moves, by kind; as the preview tells it and as the merge has done it. */
export type CaseMergeCounts = Received<typeof CaseMergeCounts>;
export const CaseMergeCounts = {
  interactions: count,
  activities: count,
  files: count,
  relations: count,
};

/** What moves, and what the survivor has of its own already and keeps (D03). */
export type CaseMergePlan = Received<typeof CaseMergePlan>;
export const CaseMergePlan = {
  counts: record(CaseMergeCounts),
  relations: record({
    moved: list(id, 200),
    /** Between the two, or with a case that the survivor is related to already. */
    dropped: list(id, 200),
  }),
  /** Fields that the survivor lacks and takes over from the absorbed; of tags those it lacks. */
  filled: list(oneOf("subject", "caseTypeId", "accountId", "tags"), 4),
};

/** The customers of both cases, where they are merged as well (F095). */
const customers = {
  survivorId: id,
  absorbedId: id,
  /** Refused where somebody else changed the customers meanwhile, so that they cannot be merged. */
  state: oneOf("waiting", "done", "refused"),
  /** Why they were not merged, such as `TOO_MANY_CONTACT_POINTS`. */
  refusal: optional(text(64)),
};

/** A merge that has taken place; `moving` until all services carry the survivor's id. */
export type CaseMerge = Received<typeof CaseMerge>;
export const CaseMerge = {
  id,
  survivorId: id,
  absorbedId: id,
  absorbedNumber: number,
  state: oneOf("moving", "done"),
  /** Of files, those found at the start; once `done`, those that were moved. */
  counts: record(CaseMergeCounts),
  customers: optional(record(customers)),
  createdAt: instant,
  createdBy: id,
  doneAt: optional(instant),
};

const asked = {
  id,
  otherCaseId: says(
    "The case to merge with, by id or number (F093); may be left out where `survivorCaseId` names it.",
    optional(id),
  ),
  survivorCaseId: says("Which of the two is kept, by id or number (F096).", id),
  mergeCustomers: says("Merges their customers, too (F095).", withDefault(yesNo, false)),
  survivorCustomerId: says(
    "Which of the two customers is kept (F097); needed to merge them.",
    optional(id),
  ),
  survivorVersion: says("Refuses with 412 when the survivor has another.", optional(version)),
  absorbedVersion: says("Refuses with 412 when the absorbed has another.", optional(version)),
};

/** @param kase the shape of a case */
export const caseMergeActions = <S extends Shape>(kase: S) =>
  actions({
    previewMerge: {
      rest: "POST /cases/:id/merge/preview",
      needs: "cases.merge",
      status: 200,
      says: "Shows both cases and exactly what a merge would move (D03); changes nothing.",
      params: asked,
      returns: record({
        survivor: record(kase),
        absorbed: record(kase),
        plan: record(CaseMergePlan),
        /** What merging the customers would move, where that is asked for. */
        customers: optional(
          record({
            survivorId: id,
            absorbedId: id,
            parts: record(MergeParts),
            plan: record(MergePlan),
          }),
        ),
      }),
    },
    merge: {
      rest: "POST /cases/:id/merge",
      needs: "cases.merge",
      says: "Merges two cases for good (F093-F100): answers the one that is kept.",
      params: asked,
      returns: record({ survivor: record(kase), merge: record(CaseMerge) }),
    },
    listMerges: {
      rest: "GET /cases/:id/merges",
      needs: "cases.read",
      says: "The merges that led to this case, newest first, each with the absorbed case as it was.",
      params: { id, ...paging },
      returns: page({ ...CaseMerge, absorbed: record(kase) }),
    },
  });

const both = {
  mergeId: id,
  survivorId: id,
  absorbedId: id,
  survivorNumber: number,
  /** Interactions that each had: from then on all of them are the survivor's. */
  survivorCount: count,
  absorbedCount: count,
};

export const caseMergeEvents = {
  /** A case has absorbed another. */
  merged: { id, ...both },
  /** The same for the change log, and the listeners, of the one that went. */
  absorbed: { id, ...both },
};

/** What a service announces when what it keeps of a case carries the survivor's id. */
export const caseMoved = { mergeId: id, caseId: id, into: id, moved: optional(count) };

/** A conversation that is being put together from those of two cases. */
export type Joining = Received<typeof Joining>;
export const Joining = {
  absorbedId: id,
  survivorNumber: number,
  survivorCount: count,
  absorbedCount: count,
};
