/** The places of cases that end; see `KeptCase`. */
import type { ClientSession } from "mongodb";
import { cases } from "./tables.store.ts";

/** These cases give up the places that they hold, and remember them. */
export async function giveUpPlaces(ids: readonly string[], session: ClientSession): Promise<void> {
  await cases
    .native()
    .updateMany(
      { _id: { $in: [...ids] }, slot: { $exists: true } },
      [{ $set: { formerSlot: "$slot" } }, { $unset: "slot" }],
      { session },
    );
}
