/** Events whose triggers are yet to be judged; one that was stays known, so that it is judged once. */
import { id, instant, list, oneOf, optional, text, whole, type Received } from "#shared/fields.ts";
import { triggerEvents } from "#shared/contracts/automation/rules.ts";
import { longestMs } from "#shared/mongo/pages.ts";
import { collection, entityOf, insertNew, keptOf } from "#shared/mongo/store.ts";

/** Longer than a stream, or a dead letter that is replayed, may bring an event again. */
const keptDays = 100;

export type Evaluation = Received<typeof Evaluation>;
const Evaluation = {
  /** The event's. */
  id,
  trigger: oneOf(...triggerEvents),
  event: text(80),
  caseId: id,
  activityId: optional(id),
  /** When it happened. */
  at: instant,
  /** The execution that it is an effect of, where it is one of a rule. */
  effectOf: optional(id),
  /** The rules that have matched it. */
  matched: list(id, 200),
  tried: whole(0, 1_000_000),
  /** When it is judged; missing once it was. */
  dueAt: optional(instant),
  keptUntil: instant,
};

const evaluations = collection("automation", "evaluations", Evaluation, [
  {
    key: { dueAt: 1, _id: 1 },
    partialFilterExpression: { dueAt: { $exists: true } },
  },
  { key: { keptUntil: 1 }, expireAfterSeconds: 0 },
]);

export type News = Omit<Evaluation, "matched" | "tried" | "dueAt" | "keptUntil">;

/** Keeps what is to be judged; what was handed in before stays as it is. */
export async function add(news: readonly News[], now: Date): Promise<void> {
  if (news.length === 0) return;
  const keptUntil = new Date(now.getTime() + keptDays * 86_400_000);
  const rows = news.map((one) => keptOf({ ...one, matched: [], tried: 0, dueAt: now, keptUntil }));
  await insertNew(evaluations.native(), rows);
}

/** Those that are to be judged by now, in the order in which they came. */
export async function due(now: Date, limit: number): Promise<Evaluation[]> {
  const rows = await evaluations
    .native()
    .find({ dueAt: { $lte: now } }, { maxTimeMS: longestMs })
    .sort({ dueAt: 1, _id: 1 })
    .limit(limit)
    .toArray();
  return rows.map((row) => entityOf<Evaluation>(row));
}

/** Remembers that a rule has matched: it is not judged again for this event. */
export const noteMatch = (evaluationId: string, ruleId: string) =>
  evaluations.native().updateOne({ _id: evaluationId }, { $addToSet: { matched: ruleId } });

export const finish = (evaluationId: string) =>
  evaluations.native().updateOne({ _id: evaluationId }, { $unset: { dueAt: "" } });

/** Lets it be judged later. */
export const postpone = (evaluationId: string, dueAt: Date) =>
  evaluations.native().updateOne({ _id: evaluationId }, { $set: { dueAt }, $inc: { tried: 1 } });
