/** Where the activities on cases are kept (F172, F179). */
import type { ClientSession } from "mongodb";
import { Activity } from "#shared/contracts/cases/activities.ts";
import { notFound } from "#shared/errors.ts";
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";

/** Their ids tell the order in which they were saved. */
export const activities = collection("cases", "activities", Activity, [
  { key: { caseId: 1, _id: -1 } },
]);

const newestFirst = [["_id", -1]] as const;

export const add = (activity: Activity, session: ClientSession) =>
  activities.native().insertOne(keptOf<Activity>(activity), { session });

interface Paging {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

/** The activities on a case, newest first. */
export async function listOf(caseId: string, paging: Paging): Promise<Page<Activity>> {
  const filter = { caseId };
  const page = await findPage(activities.native(), { filter, sort: newestFirst, ...paging });
  return { ...page, items: page.items.map((one) => entityOf<Activity>(one)) };
}

/** @throws 404 NOT_FOUND where the case has no such activity */
export async function get(activityId: string, caseId: string): Promise<Activity> {
  const found = await activities.native().findOne({ _id: activityId, caseId });
  if (!found) throw notFound("activity", activityId);
  return entityOf<Activity>(found);
}

/** The last activity on a case. */
export async function lastOf(
  caseId: string,
  session?: ClientSession,
): Promise<Activity | undefined> {
  const found = await activities
    .native()
    .find({ caseId }, session ? { session } : {})
    .sort({ _id: -1 })
    .limit(1)
    .next();
  return found ? entityOf<Activity>(found) : undefined;
}

/** Moves the activities of a case that is merged into another; answers how many. Twice is as once. */
export async function moveToCase(
  fromCaseId: string,
  toCaseId: string,
  session: ClientSession,
): Promise<number> {
  const { modifiedCount } = await activities
    .native()
    .updateMany({ caseId: fromCaseId }, { $set: { caseId: toCaseId } }, { session });
  return modifiedCount;
}

/** Leaves of these activities what is not personal. Answers how many held something. */
export const erase = (kept: readonly Kept<Activity>[]): Promise<number> =>
  erasePersonal(activities, Activity, kept);
