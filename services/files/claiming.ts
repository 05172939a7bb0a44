/** Claiming: files are tied to what they belong to, so that they stay and are found by it. */
import type { Ctx } from "#shared/bus.ts";
import { write } from "#shared/mongo/write.ts";
import * as rules from "./files.rules.ts";
import * as store from "./files.store.ts";

/** @throws 404 NOT_FOUND for an unknown file; 409 FILE_CLAIMED for another's */
export async function claim(
  { meta: { commandId: _one, ...meta } }: Pick<Ctx, "meta">, // claims are as idempotent as they are; one command may make several
  ids: string[],
  owner: rules.Owner,
): Promise<void> {
  await write("files", { meta }, async (tx) => {
    const files = await store.findMany(ids, tx.session);
    rules.mayClaim(files, ids, owner);
    const changed = files.filter((file) => rules.changesOf(file, owner).length > 0);
    await store.claim(changed, owner, tx.session);
    const { ownerKind, ownerId, caseId } = owner;
    for (const file of changed) {
      tx.announce({
        event: "files.claimed",
        aggregate: { kind: "file", id: file.id, version: file.version + 1 },
        ...(caseId ? { key: caseId } : {}),
        changes: rules.changesOf(file, owner),
        data: { id: file.id, ownerKind, ownerId, ...(caseId ? { caseId } : {}) },
      });
    }
  });
}
