/** Where the activities on cases are kept (F172, F179). */
import type { ClientSession } from "mongodb";
import { Activity } from "#shared/contracts/cases/activities.ts";
import { notFound } from "#shared/errors.ts";
import { id, type Received } from "#shared/fields.ts";
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";

export type KeptActivity = Received<typeof KeptActivity>;
const KeptActivity = {
  ...Activity,
  /** Of the case, so that all about a customer is found. */
  customerId: id,
};

const activities = collection("cases", "activities", KeptActivity, [
  { key: { caseId: 1, createdAt: -1, _id: -1 } },
  { key: { customerId: 1, createdAt: -1, _id: -1 } },
]);

const newestFirst = [
  ["createdAt", -1],
  ["_id", -1],
] as const;

export const activityOf = (kept: Kept<KeptActivity>): Activity => {
  const { customerId: _customer, ...activity } = entityOf<KeptActivity>(kept);
  return activity;
};

export const add = (activity: Activity, customerId: string, session: ClientSession) =>
  activities.native().insertOne(keptOf<KeptActivity>({ ...activity, customerId }), { session });

interface Paging {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

/** The activities on a case, newest first. */
export async function listOf(caseId: string, paging: Paging): Promise<Page<Activity>> {
  const filter = { caseId };
  const page = await findPage(activities.native(), { filter, sort: newestFirst, ...paging });
  return { ...page, items: page.items.map(activityOf) };
}

/** @throws 404 NOT_FOUND where the case has no such activity */
export async function get(activityId: string, caseId: string): Promise<Activity> {
  const found = await activities.native().findOne({ _id: activityId, caseId });
  if (!found) throw notFound("activity", activityId);
  return activityOf(found);
}

/** The last activity on a case. */
export async function lastOf(
  caseId: string,
  session?: ClientSession,
): Promise<Activity | undefined> {
  const found = await activities
    .native()
    .find({ caseId }, session ? { session } : {})
    .sort(new Map(newestFirst))
    .limit(1)
    .next();
  return found ? activityOf(found) : undefined;
}

/** Moves the activities of a case that is merged into another; answers how many. */
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

/** The activities of some cases follow their customer. */
export const setCustomer = (
  caseIds: readonly string[],
  customerId: string,
  session: ClientSession,
) =>
  activities
    .native()
    .updateMany({ caseId: { $in: [...caseIds] } }, { $set: { customerId } }, { session });

/** The activities on these customers' cases, newest first. */
export const ofCustomers = (
  customerIds: string[],
  paging: Paging,
): Promise<Page<Kept<KeptActivity>>> =>
  findPage(activities.native(), {
    filter: { customerId: { $in: customerIds } },
    sort: newestFirst,
    ...paging,
  });

/** Leaves of these activities what is not personal. Answers how many held something. */
export const erase = (kept: readonly Kept<KeptActivity>[]): Promise<number> =>
  erasePersonal(activities, KeptActivity, kept);
