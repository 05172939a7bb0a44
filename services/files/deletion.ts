/** Deleting a file: a tombstone stays, the bytes go (F187, D16). */
import { actorOf } from "#shared/actor.ts";
import type { Ctx } from "#shared/bus.ts";
import { notFound } from "#shared/errors.ts";
import { write } from "#shared/mongo/write.ts";
import { requireReadable } from "./access.ts";
import * as rules from "./files.rules.ts";
import * as store from "./files.store.ts";
import { bury } from "./tombstones.store.ts";

/**
 * Deletes a file; again is as once.
 * @throws 404 NOT_FOUND · 403 READ_ONLY · 409 CASE_CLOSED
 */
export async function remove(ctx: Ctx<{ id: string }>): Promise<void> {
  const { id } = ctx.params;
  const file = await store.find(id);
  if (!file) throw notFound("file", id);
  const kase = await requireReadable(ctx, file);
  if (file.deletedAt) return;
  rules.mayChange(kase);

  const isBuried = await write("files", ctx, (tx) =>
    bury(tx, id, { deletedAt: new Date(), deletedBy: actorOf(ctx).id }),
  );
  // where this fails or never comes about, the sweep finds the bytes
  if (isBuried) await store.removeContent(id).catch(() => undefined);
}
