/** When open cases came into their statuses, and were worked on: copied by events from cases. */
import type { AnyBulkWriteOperation } from "mongodb";
import { id, instant, optional, record, type Received } from "#shared/fields.ts";
import { collection, type Kept } from "#shared/mongo/store.ts";
import type { Timeline } from "./facts.rules.ts";

const moment = optional(record({ at: instant, ruleId: optional(id) }));

type KeptTimeline = Received<typeof KeptTimeline>;
const KeptTimeline = {
  id,
  openedAt: moment,
  transferredAt: moment,
  escalatedAt: moment,
  lastActivityAt: moment,
};

const timelines = collection("automation", "timelines", KeptTimeline, []);

/** Something that happened to a case. */
export interface Step {
  caseId: string;
  field: keyof Timeline;
  at: Date;
  ruleId?: string;
}

/** Keeps what happened; of two moments the later one, whichever comes first. */
export async function note(steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return;
  await timelines.native().bulkWrite(
    steps.map(({ caseId, field, at, ruleId }): AnyBulkWriteOperation<Kept<KeptTimeline>> => {
      const moment = { at, ...(ruleId ? { ruleId } : {}) };
      return {
        updateOne: {
          filter: { _id: caseId },
          update: [
            {
              $set: {
                [field]: {
                  $cond: [{ $gt: [`$${field}.at`, at] }, `$${field}`, { $literal: moment }],
                },
              },
            },
          ],
          upsert: true,
        },
      };
    }),
  );
}

/** Forgets cases that are closed. */
export const forget = (caseIds: readonly string[]) =>
  timelines.native().deleteMany({ _id: { $in: [...caseIds] } });

/** What is known of these cases. */
export async function timelinesOf(
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, Timeline>> {
  const rows = await timelines
    .native()
    .find({ _id: { $in: [...caseIds] } })
    .toArray();
  return new Map(rows.map(({ _id, ...timeline }) => [_id, timeline]));
}
