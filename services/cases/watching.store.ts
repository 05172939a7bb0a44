/** Where it is kept for seconds who has a case before them, and who is writing on it (B13). */
import type { Filter } from "mongodb";
import { writing } from "#shared/contracts/cases/watching.ts";
import { id, instant, optional, text, type Received } from "#shared/fields.ts";
import { collection, type Kept } from "#shared/mongo/store.ts";
import type { Watcher } from "./watching.rules.ts";

/** One that watches: a stream that somebody listens to, or a user who is writing. */
type KeptWatcher = Received<typeof KeptWatcher>;
const KeptWatcher = {
  /** The stream's, or `<user>.<case>` of who is writing. */
  id: text(140),
  caseId: id,
  userId: id,
  typing: optional(writing),
  since: instant,
  /** When it is over unless it is said again. */
  until: instant,
};

const watchers = collection("cases", "watchers", KeptWatcher, [
  { key: { caseId: 1 } },
  { key: { until: 1 }, expireAfterSeconds: 60 },
]);

/** It is said again in seconds: what a crash takes away is no loss. */
const lightly = { writeConcern: { w: 1, journal: false } } as const;

type Said = Omit<KeptWatcher, "id" | "since">;

/** Keeps that somebody watches or writes; answers whether that is news. */
export async function note(_id: string, said: Said, now: Date): Promise<boolean> {
  const { caseId, userId, typing, until } = said;
  const same = { _id, caseId, until: { $gt: now }, typing: typing ?? null };
  const prolonged = await watchers
    .native()
    .updateOne(same as unknown as Filter<Kept<KeptWatcher>>, { $set: { until } }, lightly);
  if (prolonged.matchedCount > 0) return false;
  const row = { caseId, userId, ...(typing ? { typing } : {}), since: now, until };
  await watchers.native().replaceOne({ _id }, row, { upsert: true, ...lightly });
  return true;
}

/** Takes it back; answers whether there was anything. */
export async function drop(_id: string, userId: string): Promise<boolean> {
  const { deletedCount } = await watchers.native().deleteOne({ _id, userId }, lightly);
  return deletedCount > 0;
}

/** Who watches a case or writes on it, some of them where they are too many. */
export async function of(caseId: string, now: Date, limit: number): Promise<Watcher[]> {
  const found = await watchers.native().find({ caseId }).limit(limit).toArray();
  return found.filter(({ until }) => until > now).map(({ _id, ...watcher }) => watcher);
}
