/** Which users are disabled: copied by events from identity, as far as they have changed since. */
import { id, whole, yesNo } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

const recipients = collection(
  "notifications",
  "recipients",
  { id, version: whole(1, 1_000_000_000), disabled: yesNo },
  [],
);

interface Known {
  id: string;
  version: number;
  disabled: boolean;
}

/** Keeps what is known of users; of two versions the newer one, whichever comes first. */
export async function learn(users: readonly Known[]): Promise<void> {
  await recipients.native().bulkWrite(
    users.map(({ id: _id, version, disabled }) => ({
      updateOne: {
        filter: { _id },
        update: [
          {
            $replaceWith: {
              $cond: [
                { $gte: ["$version", version] },
                "$$ROOT",
                { _id: { $literal: _id }, version, disabled },
              ],
            },
          },
        ],
        upsert: true,
      },
    })),
  );
}

/** Those of the users who are disabled. */
export async function disabledAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await recipients
    .native()
    .find({ _id: { $in: [...new Set(ids)] }, disabled: true })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}
