/** A workbook that comes in: read row by row, and kept to be checked (F210-F213). */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { actorOf } from "#shared/actor.ts";
import type { Answer, Ctx, Request, Contracts } from "#shared/bus.ts";
import { invalidField, isRefusal, tooLarge, unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { firstAnswer, write } from "#shared/mongo/write.ts";
import { requireMayImport } from "./campaigns.ts";
import * as rules from "./imports.rules.ts";
import * as store from "./imports.store.ts";
import { requireMapping, suggested } from "./mapping.rules.ts";
import * as rowStore from "./rows.store.ts";
import { wakeImports } from "./runner.ts";
import { openWorkbook, type Workbook } from "./workbook/workbook.ts";

type Asked = Ctx<Request<Contracts["imports"]["actions"]["upload"]>>;
type Uploaded = Answer<"imports.upload">;

const keptMs = 30 * 86_400_000;
const rowsAtOnce = 1_000;

/**
 * @throws 413 TOO_LARGE; 422 VALIDATION_ERROR at `file`, `campaignId` or `options`; 409
 *   TOO_MANY_IMPORTS
 */
export async function upload(ctx: Asked): Promise<Uploaded> {
  const stream = streamOf(ctx);
  const before = await firstAnswer<Uploaded>("imports", ctx);
  if (before) {
    stream.resume();
    return before;
  }
  const { campaignId, options, maxBytes } = ctx.params;
  rules.requireSensible(options);
  await requireMayImport(ctx, campaignId);
  const bytes = await wholeOf(stream, maxBytes);
  const workbook = await openWorkbook(bytes);
  requireMapping(workbook.headings, options);

  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const id = newId();
  try {
    return await keep(ctx, workbook, { id, sha256 });
  } catch (error) {
    await rowStore.removeAll(id).catch(() => undefined); // what stays is forgotten in time
    throw error;
  }
}

async function keep(
  ctx: Asked,
  { headings, rows }: Workbook,
  { id, sha256 }: { id: string; sha256: string },
): Promise<Uploaded> {
  const { campaignId, fileName, options } = ctx.params;
  const at = new Date();
  const actor = actorOf(ctx);
  const expiresAt = new Date(at.getTime() + keptMs);
  const count = await keepRows(id, rows, expiresAt);
  const facts = { id, campaignId, fileName, options, headings };
  const mapping = { suggestedMapping: suggested(headings) };
  const one = rules.begun({ ...facts, ...mapping }, count, { at, by: actor.id });

  const uploaded = await write("imports", ctx, async (tx) => {
    rules.requireRoom(await store.unfinishedOf(actor.id, tx.session));
    const hidden = { actor, sha256, dueAt: at, tried: 0, turn: 0, expiresAt };
    await store.insert({ ...one, ...hidden }, tx.session);
    tx.announce({
      event: "imports.uploaded",
      aggregate: { kind: "import", id, version: 1 },
      changes: [{ field: "state", new: one.state }],
      data: { id, campaignId },
    });
    return { import: one, sha256 };
  });
  wakeImports();
  return uploaded;
}

async function keepRows(id: string, read: Workbook["rows"], expiresAt: Date): Promise<number> {
  let waiting: { number: number; cells: string[] }[] = [];
  let count = 0;
  for await (const some of read) {
    waiting.push(...some);
    if (waiting.length < rowsAtOnce) continue;
    count += waiting.length;
    await rowStore.add(id, waiting, expiresAt);
    waiting = [];
  }
  await rowStore.add(id, waiting, expiresAt);
  return count + waiting.length;
}

/** The bus reports a sender that broke off by an `error` event alone. */
function streamOf({ stream }: Pick<Ctx, "stream">): Readable {
  if (!stream) throw invalidField("file", "must come with the call", "required");
  const bytes = stream as Readable;
  bytes.on("error", (error) => bytes.destroy(error));
  return bytes;
}

async function wholeOf(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += (chunk as Buffer).length;
      if (size <= maxBytes) chunks.push(chunk as Buffer); // read to its end, or it piles up unread
    }
  } catch (error) {
    throw isRefusal(error) ? error : unavailable("The file did not arrive whole");
  }
  if (size > maxBytes) throw tooLarge(`A workbook may have at most ${String(maxBytes)} bytes`);
  return Buffer.concat(chunks);
}
