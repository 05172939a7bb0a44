/** Keeps how many requests each caller made in a minute, over all replicas; addresses as hashes. */
import { hash } from "node:crypto";
import { instant, text, whole } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";
import { windowSeconds, type Sums } from "./rate-limits.ts";

const table = collection(
  "gateway",
  "rates",
  { id: text(80), count: whole(0, Number.MAX_SAFE_INTEGER), endsAt: instant },
  [{ key: { endsAt: 1 }, expireAfterSeconds: windowSeconds }],
);

/** Counts may be lost with a server: they are not worth a journal. */
const unjournaled = { writeConcern: { w: 1, journal: false }, timeoutMS: 2_000 } as const;

export const sums: Sums = {
  async exchange(window, counts) {
    const keys = new Map([...counts.keys()].map((key) => [rowOf(key, window), key]));
    const endsAt = new Date((window + 1) * windowSeconds * 1_000);
    await table.native().bulkWrite(
      [...keys].map(([_id, key]) => ({
        updateOne: {
          filter: { _id },
          update: { $inc: { count: counts.get(key) ?? 0 }, $setOnInsert: { endsAt } },
          upsert: true,
        },
      })),
      { ordered: false, ...unjournaled },
    );
    const rows = await table
      .native()
      .find({ _id: { $in: [...keys.keys()] } }, { timeoutMS: unjournaled.timeoutMS })
      .toArray();
    return new Map(rows.map(({ _id, count }) => [keys.get(_id) ?? "", count]));
  },
};

const rowOf = (key: string, window: number): string =>
  `${window}:${hash("sha256", key, "base64url")}`;
