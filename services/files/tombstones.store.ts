/** Where deleted files lie: everything but their bytes stays (D16). */
import type { Tx } from "#shared/mongo/write.ts";
import * as store from "./files.store.ts";

export interface Burial {
  deletedAt: Date;
  deletedBy: string;
}

/**
 * Makes a file a tombstone and announces that; from then on its bytes are loose, for the sweep to
 * find whatever happens. Answers whether it was there to be deleted.
 */
export async function bury(tx: Tx<"files">, id: string, burial: Burial): Promise<boolean> {
  const { session } = tx;
  const file = await store.find(id, session);
  if (!file || file.deletedAt) return false;
  const { ownerKind, ownerId, caseId } = file;
  await store.files
    .native()
    .updateOne(
      { _id: id },
      { $set: { ...burial }, $unset: { unclaimed: "" }, $inc: { version: 1 } },
      { session },
    );
  await store.loosen(id, session);
  tx.announce({
    event: "files.deleted",
    aggregate: { kind: "file", id, version: file.version + 1 },
    ...(caseId ? { key: caseId } : {}),
    changes: [{ field: "deletedAt", old: null, new: burial.deletedAt }],
    data: {
      id,
      ...(ownerKind && ownerId ? { ownerKind, ownerId } : {}),
      ...(caseId ? { caseId } : {}),
    },
  });
  return true;
}
