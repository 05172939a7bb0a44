/** The collections of jobs over many cases, and of the result of each case. */
import { BulkJob, bulkFilter, BulkRow } from "#shared/contracts/cases/bulk.ts";
import { NewCase } from "#shared/contracts/cases/creation.ts";
import { Actor } from "#shared/contracts/common.ts";
import {
  id,
  instant,
  optional,
  personal,
  record,
  text,
  whole,
  type Received,
} from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** A job as it is kept. */
export type KeptJob = Received<typeof KeptJob>;
const KeptJob = {
  ...BulkJob,
  /** On whose behalf. */
  actor: record(Actor),
  /** What the cases are found by, until all of them are; it may name a person. */
  filter: optional(record(bulkFilter)),
  cursor: optional(text(4_000)),
  /** When the next step is due; none once it is over. */
  dueAt: optional(instant),
  /** How often its present step has failed for no reason that we know. */
  tried: whole(0, 1_000),
  /** Raised by each step, so that of two that take the same one only one counts. */
  turn: whole(0, 1_000_000_000),
  expiresAt: instant,
};

/** A case of a job. */
export type KeptRow = Received<typeof KeptRow>;
const KeptRow = {
  ...BulkRow,
  id: text(80),
  jobId: id,
  /** What the case is to be made of; gone with its outcome, for it tells about a person. */
  input: optional(personal(record(NewCase))),
  expiresAt: instant,
};

const forgotten = { key: { expiresAt: 1 }, expireAfterSeconds: 0 } as const;

export const jobs = collection("cases", "bulkJobs", KeptJob, [
  { key: { dueAt: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
  { key: { createdAt: -1, _id: -1 } },
  { key: { createdBy: 1, createdAt: -1, _id: -1 } },
  forgotten,
]);

export const rows = collection("cases", "bulkRows", KeptRow, [
  { key: { jobId: 1, place: 1, _id: 1 } },
  { key: { jobId: 1, outcome: 1, place: 1, _id: 1 } },
  forgotten,
]);

/** Raised by whoever begins a job, so that two jobs of one user are begun one after the other. */
export const owners = collection(
  "cases",
  "bulkOwners",
  { id, holds: whole(0, Number.MAX_SAFE_INTEGER) },
  [],
);

export interface Paging {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

/** What of a document others may see. */
export const of = <T>(shape: object, kept: object): T =>
  Object.fromEntries(Object.entries(kept).filter(([name]) => Object.hasOwn(shape, name))) as T;
