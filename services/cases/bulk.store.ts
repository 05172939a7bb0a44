/** Where jobs over many cases are kept (F112, F126). */
import type { ClientSession } from "mongodb";
import { BulkJob } from "#shared/contracts/cases/bulk.ts";
import { notFound } from "#shared/errors.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { addRows, type Target } from "./bulk-rows.store.ts";
import { jobs, of, owners, type KeptJob, type Paging } from "./bulk-tables.store.ts";

/** Keeps a job and the cases that are known by now. */
export async function begin(
  job: KeptJob,
  targets: readonly Target[],
  session: ClientSession,
): Promise<void> {
  await jobs.native().insertOne(keptOf(job), { session });
  await addRows(job, targets, 0, session);
}

/** How many jobs of a user are not over; nobody begins another until the transaction ends. */
export async function unfinishedOf(userId: string, session: ClientSession): Promise<number> {
  await owners
    .native()
    .updateOne({ _id: userId }, { $inc: { holds: 1 } }, { session, upsert: true });
  return jobs.native().countDocuments({ createdBy: userId, dueAt: { $exists: true } }, { session });
}

/** Some of the jobs whose next step is due. */
export async function due(now: Date, limit: number): Promise<KeptJob[]> {
  const found = await jobs
    .native()
    .find({ dueAt: { $lte: now } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray();
  return found.map((kept) => entityOf<KeptJob>(kept));
}

/** Another has taken this step: nothing was written. */
export class Overtaken extends Error {}

type Changes = Partial<
  Pick<
    KeptJob,
    "state" | "total" | "done" | "refused" | "finishedAt" | "cursor" | "dueAt" | "tried"
  >
>;

/**
 * Keeps what became of a job by a step. Where it is asked to be cancelled meanwhile, it stays so.
 * @param without what it does not need any more
 * @throws Overtaken
 */
export async function advance(
  { id: jobId, turn }: KeptJob,
  changes: Changes,
  session?: ClientSession,
  without: readonly (keyof KeptJob)[] = [],
): Promise<void> {
  const { state, ...others } = changes;
  const set = { ...others, turn: turn + 1, ...(state ? { state: stateAfter(state) } : {}) };
  const literal = Object.entries(set).map(([field, value]) => [
    field,
    field === "state" ? value : { $literal: value },
  ]);
  const { matchedCount } = await jobs
    .native()
    .updateOne(
      { _id: jobId, turn },
      [
        { $set: Object.fromEntries(literal) as object },
        ...(without.length > 0 ? [{ $unset: [...without] }] : []),
      ],
      session ? { session } : {},
    );
  if (matchedCount === 0) throw new Overtaken();
}

/** The work that is to come gives way to a cancelling; the end does not. */
const stateAfter = (state: KeptJob["state"]): unknown =>
  state === "running"
    ? { $cond: [{ $eq: ["$state", "cancelling"] }, "$state", { $literal: state }] }
    : { $literal: state };

/** Adds cases that were found, with how far that has got. */
export async function gather(
  job: KeptJob,
  targets: readonly Target[],
  { gathered, cursor }: { gathered: number; cursor: string | null },
  session: ClientSession,
): Promise<void> {
  await addRows(job, targets, gathered, session);
  if (cursor !== null) return advance(job, { cursor, tried: 0 }, session);
  const total = gathered + targets.length;
  return advance(job, { state: "running", total, tried: 0 }, session, ["filter", "cursor"]);
}

/**
 * Asks a job to stop before its next step.
 * @returns the job as it is now: one that is over stays as it is
 */
export async function askToCancel(jobId: string): Promise<BulkJob> {
  await jobs
    .native()
    .updateOne(
      { _id: jobId, state: { $in: ["gathering", "running"] } },
      { $set: { state: "cancelling", dueAt: new Date() } },
    );
  return get(jobId);
}

/** @throws 404 NOT_FOUND, alike for a job that is not there and one of others */
export async function get(jobId: string, createdBy?: string): Promise<BulkJob> {
  const kept = await jobs.native().findOne({ _id: jobId, ...(createdBy ? { createdBy } : {}) });
  if (!kept) throw notFound("job", jobId);
  return shown(kept);
}

/** Newest first. */
export async function list(
  wanted: { createdBy?: string; kind?: BulkJob["kind"] | undefined; state?: string[] | undefined },
  paging: Paging,
): Promise<Page<BulkJob>> {
  const { createdBy, kind, state } = wanted;
  const page = await findPage(jobs.native(), {
    ...paging,
    filter: {
      ...(createdBy ? { createdBy } : {}),
      ...(kind ? { kind } : {}),
      ...(state ? { state: { $in: state as BulkJob["state"][] } } : {}),
    },
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
  });
  return { ...page, items: page.items.map(shown) };
}

const shown = (kept: Kept<KeptJob>): BulkJob => of<BulkJob>(BulkJob, entityOf<KeptJob>(kept));
