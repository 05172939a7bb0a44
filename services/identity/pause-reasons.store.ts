/** Where the reasons to pause are kept (G19). */
import type { ClientSession } from "mongodb";
import { PauseReason } from "#shared/contracts/identity/pause-reasons.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { collection, entityOf, keptOf } from "#shared/mongo/store.ts";

/** All that there may be. */
const most = 100;

const reasons = collection("identity", "pauseReasons", PauseReason, [
  { key: { code: 1 }, unique: true },
  { key: { order: 1, _id: 1 } },
]);

export const isThereAny = async (): Promise<boolean> =>
  (await reasons.native().findOne({}, { projection: { _id: 1 } })) !== null;

/** In their order. */
export async function list(enabled: boolean | undefined): Promise<PauseReason[]> {
  const filter = enabled === undefined ? {} : { enabled };
  const rows = reasons.native().find(filter).sort({ order: 1, _id: 1 }).limit(most);
  return (await rows.toArray()).map((row) => entityOf<PauseReason>(row));
}

/** @throws 404 NOT_FOUND */
export async function get(id: string, session: ClientSession): Promise<PauseReason> {
  const row = await reasons.native().findOne({ _id: id }, { session });
  if (!row) throw notFound("pause reason", id);
  return entityOf<PauseReason>(row);
}

export async function ofCode(
  code: string,
  session: ClientSession,
): Promise<PauseReason | undefined> {
  const row = await reasons.native().findOne({ code }, { session });
  return row ? entityOf<PauseReason>(row) : undefined;
}

/**
 * @throws 409 PAUSE_REASON_EXISTS with `existingId` when another has the code, 409
 *   TOO_MANY_PAUSE_REASONS beyond 100
 */
export async function insert(reason: PauseReason, session: ClientSession): Promise<void> {
  const there = await ofCode(reason.code, session);
  if (there) {
    throw conflict("PAUSE_REASON_EXISTS", "A reason to pause has this code", {
      existingId: there.id,
    });
  }
  if ((await reasons.native().countDocuments({}, { session })) >= most) {
    throw conflict("TOO_MANY_PAUSE_REASONS", "There are too many reasons to pause", {
      limit: most,
    });
  }
  await reasons.native().insertOne(keptOf(reason), { session });
}

/** Keeps a reason in place of what was read of it in the same transaction. */
export async function replace(reason: PauseReason, session: ClientSession): Promise<void> {
  const { _id, ...row } = keptOf(reason);
  await reasons.native().replaceOne({ _id }, row, { session });
}
