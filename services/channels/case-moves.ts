/** The interactions of a merged case take their places in the survivor's conversation (F094, P7). */
import { unavailable } from "#shared/errors.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import type { Tx } from "#shared/mongo/write.ts";
import * as store from "./case-moves.store.ts";

type Merged = DomainEvent<"cases.merged" | "cases.absorbed">;

/**
 * The later of both events moves them, so that what was told before of either case is done by then.
 * No interaction comes to either conversation afterwards that was in it before: all that were filed
 * by then are waited for, and those that are filed since have later places in the survivor's.
 * @throws 503 while messages of the cases are on their way
 */
const heardOf =
  (side: "survivor" | "absorbed") =>
  async ({ data, at }: Merged, tx: Tx<"channels">): Promise<void> => {
    const { mergeId, survivorId, absorbedId } = data;
    if (!(await store.hear(data, side, tx.session))) return;
    if (!(await store.join(survivorId, data, at, tx.session))) {
      throw unavailable("Messages of the cases are on their way");
    }
    tx.announce({
      event: "interactions.caseMoved",
      aggregate: { kind: "case", id: absorbedId, version: 1 },
      data: { mergeId, caseId: absorbedId, into: survivorId },
    });
  };

export const caseListeners = {
  "cases.merged": heardOf("survivor"),
  "cases.absorbed": heardOf("absorbed"),
};
