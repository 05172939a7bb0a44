/** Where runs through closed cases are kept, and the nights for which they were begun (B08). */
import type { ClientSession } from "mongodb";
import { RetentionRun } from "#shared/contracts/cases/retention.ts";
import { notFound } from "#shared/errors.ts";
import {
  id,
  instant,
  list as listOf,
  optional,
  record,
  text,
  whole,
  type Received,
} from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import type { Progress } from "./retention.rules.ts";

/** A run as it is kept. */
export type KeptRun = Received<typeof KeptRun>;
const KeptRun = {
  ...RetentionRun,
  /** Gone once it is over. */
  progress: optional(
    record({
      after: optional(record({ closedAt: instant, id })),
      caseIds: listOf(id, 100),
      place: whole(0, 100),
      cursor: optional(text(4_000)),
      dueAt: instant,
    }),
  ),
  /** The campaign, and whether it is on trial: of each there is one at a time. */
  runningFor: optional(text(80)),
  /** Raised by each step, so that of two that take the same one only one counts. */
  turn: whole(0, 1_000_000_000),
};

/** One that is not over. */
export type Going = KeptRun & { progress: Progress };

const newest = { createdAt: -1, _id: -1 } as const;

const runs = collection("cases", "retentionRuns", KeptRun, [
  { key: newest },
  { key: { campaignId: 1, ...newest } },
  { key: { state: 1, ...newest } },
  { key: { "progress.dueAt": 1 }, partialFilterExpression: { progress: { $exists: true } } },
  {
    key: { runningFor: 1 },
    unique: true,
    partialFilterExpression: { runningFor: { $exists: true } },
  },
]);

const placeOf = ({ campaignId, dryRun }: Pick<RetentionRun, "campaignId" | "dryRun">): string =>
  dryRun ? `${campaignId} trial` : campaignId;

/** Keeps a new run. @throws a duplicate-key error (see `isRunning`) where there is one already */
export async function begin(
  run: RetentionRun & { progress: Progress },
  session: ClientSession,
): Promise<void> {
  const kept: KeptRun = { ...run, runningFor: placeOf(run), turn: 0 };
  await runs.native().insertOne(keptOf(kept), { session });
}

/** Whether a run could not begin because the campaign has one under way. */
export const isRunning = (error: unknown): boolean => isDuplicate(error, "runningFor");

/** The run that a campaign has under way. */
export async function underWay(
  of: Pick<RetentionRun, "campaignId" | "dryRun">,
): Promise<string | undefined> {
  return (await runs.native().findOne({ runningFor: placeOf(of) }))?._id;
}

/** @throws 404 NOT_FOUND */
export async function get(runId: string): Promise<RetentionRun> {
  const kept = await runs.native().findOne({ _id: runId });
  if (!kept) throw notFound("retention run", runId);
  return shown(kept);
}

/** Newest first. */
export async function list({
  campaignId,
  state,
  ...paging
}: {
  campaignId?: string | undefined;
  state?: RetentionRun["state"] | undefined;
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}): Promise<Page<RetentionRun>> {
  const page = await findPage(runs.native(), {
    filter: { ...(campaignId ? { campaignId } : {}), ...(state ? { state } : {}) },
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
    ...paging,
  });
  return { ...page, items: page.items.map(shown) };
}

function shown({ progress: _progress, runningFor: _place, turn: _turn, ...run }: Kept<KeptRun>) {
  return entityOf<RetentionRun>(run);
}

/** Some of the runs that are not over and whose next step is due. */
export async function due(now: Date, limit: number): Promise<Going[]> {
  const found = await runs
    .native()
    .find({ progress: { $exists: true }, "progress.dueAt": { $lte: now } })
    .sort({ "progress.dueAt": 1 })
    .limit(limit)
    .toArray();
  return found.map((kept) => entityOf<Going>(kept as Kept<Going>));
}

/** Keeps what became of a run by a step; answers false where another has taken that step. */
export async function advance(
  { id: runId, turn }: KeptRun,
  changes: Partial<RetentionRun> & { progress: Progress },
): Promise<boolean> {
  const { matchedCount } = await runs.native().updateOne(
    { _id: runId, turn },
    {
      $set: { ...changes, turn: turn + 1, updatedAt: new Date() },
      ...(changes.waitsFor ? {} : { $unset: { waitsFor: "" as const } }),
    },
  );
  return matchedCount === 1;
}

/** Ends a run; answers false where another has taken that step. */
export async function finish(
  { id: runId, turn }: KeptRun,
  { state, at }: { state: "done" | "cancelled"; at: Date },
  session: ClientSession,
): Promise<boolean> {
  const { matchedCount } = await runs.native().updateOne(
    { _id: runId, turn },
    {
      $set: { state, turn: turn + 1, updatedAt: at, finishedAt: at },
      $unset: { progress: "", runningFor: "", waitsFor: "" },
    },
    { session },
  );
  return matchedCount === 1;
}

/** The nights for which runs were begun; the id is the time at which it was. */
const nights = collection("cases", "retentionNights", { id: text(40), at: instant }, [
  { key: { at: 1 }, expireAfterSeconds: 400 * 86_400 },
]);

/** Whether runs were begun for this night, or for any. */
export async function isBegun(night?: Date): Promise<boolean> {
  const filter = night ? { _id: night.toISOString() } : {};
  return (await nights.native().findOne(filter, { projection: { _id: 1 } })) !== null;
}

export async function noteBegun(night: Date, at: Date): Promise<void> {
  await nights.native().updateOne({ _id: night.toISOString() }, { $set: { at } }, { upsert: true });
}
