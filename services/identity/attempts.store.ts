/** Where failed sign-ins are counted, for all replicas together. */
import { createHash } from "node:crypto";
import { id, instant, whole } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";
import type { Failures } from "./attempts.rules.ts";

const attempts = collection(
  "identity",
  "attempts",
  { id, count: whole(1, 1_000_000_000), until: instant },
  [{ key: { until: 1 }, expireAfterSeconds: 0 }],
);

/** Kept as digests: whose e-mail was tried from where is nobody's business. */
const keyOf = (counter: string): string => createHash("sha256").update(counter).digest("base64url");

export const failuresOf = (counters: readonly string[]): Promise<Failures[]> =>
  attempts
    .native()
    .find({ _id: { $in: counters.map(keyOf) } })
    .toArray();

/** Counts one more failure; a window that has ended begins again, and ends at `until`. */
export const countFailure = async (
  counters: readonly string[],
  now: Date,
  until: Date,
): Promise<Failures[]> => {
  const counted = await Promise.all(counters.map((one) => countOne(keyOf(one), now, until)));
  return counted.flatMap((one) => one ?? []);
};

/** Forgets what was counted. */
export const clear = (counters: readonly string[]) =>
  attempts.native().deleteMany({ _id: { $in: counters.map(keyOf) } });

const countOne = (key: string, now: Date, until: Date): Promise<Failures | null> =>
  attempts.native().findOneAndUpdate(
    { _id: key },
    [
      {
        $set: {
          count: { $cond: [{ $gt: ["$until", now] }, { $add: ["$count", 1] }, 1] },
          until: { $cond: [{ $gt: ["$until", now] }, "$until", until] },
        },
      },
    ],
    { upsert: true, returnDocument: "after" },
  );
