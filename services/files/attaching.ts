/** Files that users attach to a case by hand (F186, F187). */
import { hash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Answer, Contracts, Ctx, Request } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import { notFound } from "#shared/errors.ts";
import { attachmentOf, named } from "./attachments.ts";
import { usedBy } from "./attachments.store.ts";
import { claim } from "./claiming.ts";
import { streamOf } from "./content.ts";
import * as rules from "./files.rules.ts";
import * as store from "./files.store.ts";
import { upload } from "./upload.ts";

type Asked = Ctx<Request<Contracts["files"]["actions"]["attach"]>>;

/**
 * Keeps what the stream brings with the case. A request that is sent again with its key finds the
 * first one's file.
 * @throws 404 NOT_FOUND; 403 READ_ONLY; 409 CASE_CLOSED, ATTACHMENTS_FULL; 413 TOO_LARGE; 503 where the
 *   stream broke off
 */
export async function attach(ctx: Asked): Promise<Answer<"files.attach">> {
  const stream = streamOf(ctx);
  const file = await requireRoom(ctx).then(
    () => kept(ctx, stream),
    (error: unknown) => {
      stream.resume(); // over the bus it cannot be stopped, and must not pile up
      throw error;
    },
  );
  // while the bytes came the case may have been closed, or given to another customer
  const { id: caseId, number, customerId } = await requireChangeable(ctx);
  await claim(ctx, [file.id], { ownerKind: "case", ownerId: caseId, caseId, customerId });
  const tied = { ...file, ownerKind: "case", ownerId: caseId, caseId };
  const [attachment = attachmentOf(tied, number)] = await named(ctx, [attachmentOf(tied, number)]);
  return { attachment, sha256: file.sha256 };
}

async function requireChangeable(ctx: Asked): Promise<Answer<"cases.access">> {
  const kase = await ctx.call("cases.access", { id: ctx.params.caseId });
  rules.mayChange(kase);
  return kase;
}

async function requireRoom(ctx: Asked): Promise<void> {
  const { id } = await requireChangeable(ctx);
  rules.requireRoom(await usedBy(id), config().ATTACHMENTS_OF_CASE_MAX_BYTES);
}

async function kept(ctx: Asked, stream: Readable): Promise<store.KeptFile> {
  const { name, declaredType, maxBytes } = ctx.params;
  const { commandId } = ctx.meta;
  const uploadKey = commandId && hash("sha256", `attach\n${commandId}`);
  const before = uploadKey ? await store.findByUploadKey(uploadKey) : undefined;
  if (before?.deletedAt) throw notFound("file", before.id);
  if (before) {
    stream.resume();
    return before;
  }
  const asked = { name, maxBytes, ...(declaredType ? { declaredType } : {}) };
  return upload(
    { meta: ctx.meta, params: { ...asked, ...(uploadKey ? { uploadKey } : {}) } },
    stream,
  );
}
