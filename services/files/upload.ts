/** An upload: bytes come in, and become a file once all of them are safe. */
import type { Readable } from "node:stream";
import { system } from "#shared/actor.ts";
import type { Ctx } from "#shared/bus.ts";
import { isRefusal, tooLarge, unavailable } from "#shared/errors.ts";
import { isPassing } from "#shared/faults.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { Meter, typeOf } from "./content.ts";
import * as store from "./files.store.ts";

interface Upload {
  name: string;
  declaredType?: string;
  uploadKey?: string;
  maxBytes: number;
}

/**
 * Takes in a file. Of two uploads with one key that arrive together the slower one is dropped and
 * answers the other's file.
 * @throws 413 TOO_LARGE above `maxBytes` · 503 when the stream broke off
 */
export async function upload(
  ctx: Pick<Ctx<Upload>, "meta" | "params">,
  stream: Readable,
): Promise<store.KeptFile> {
  const { name, declaredType, uploadKey, maxBytes } = ctx.params;
  const id = newId();
  const meter = new Meter(maxBytes);
  await store.receiveContent(id, stream, meter).catch((error: unknown) => dropped(id, error));
  const { sample, ...measured } = meter.measured();
  if (measured.tooLarge) {
    await store.removeContent(id);
    throw tooLarge(`A file may have at most ${maxBytes} bytes`);
  }
  const file: store.KeptFile = {
    id,
    name,
    contentType: await typeOf(sample, declaredType),
    size: measured.size,
    sha256: measured.sha256,
    ...(uploadKey ? { uploadKey } : {}),
    unclaimed: true,
    createdBy: (ctx.meta.actor ?? system).id,
    createdAt: new Date(),
    version: 1,
  };
  try {
    await keep(ctx, file);
    return file;
  } catch (error) {
    const faster =
      uploadKey && store.isSecondUpload(error) ? await store.findByUploadKey(uploadKey) : undefined;
    if (!faster) throw error;
    await store.removeContent(id);
    return faster;
  }
}

/** The key of the upload, not that of the command, tells a repeat: a command may bring several. */
async function keep(
  { meta: { commandId: _one, ...meta } }: Pick<Ctx, "meta">,
  file: store.KeptFile,
) {
  await write("files", { meta }, async (tx) => {
    await store.keep(file, tx.session);
    tx.announce({
      event: "files.stored",
      aggregate: { kind: "file", id: file.id, version: 1 },
      changes: [
        { field: "contentType", old: null, new: file.contentType },
        { field: "size", old: null, new: file.size },
        { field: "sha256", old: null, new: file.sha256 },
      ],
      data: { id: file.id, size: file.size },
    });
  });
}

/** What came before the stream broke is removed; a write still under way is left to the sweep. */
async function dropped(id: string, error: unknown): Promise<never> {
  await store.removeChunks(id).catch(() => undefined);
  if (isPassing(error) || isRefusal(error)) throw error;
  throw unavailable("The file did not arrive whole");
}
