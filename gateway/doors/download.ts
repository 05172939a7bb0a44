/** Files to take away: `GET /files/:id`. Never shown in place, whatever they hold. */
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { IncomingHttpHeaders } from "node:http";
import type { StoredFile } from "#shared/contracts/files.ts";
import { unavailable } from "#shared/errors.ts";
import type { Call, Door, DoorAnswer } from "../door.ts";
import { problem } from "../problems.ts";
import { alreadyHeld } from "../versions.ts";
import { partOf, type Part } from "./ranges.ts";

/** Read piece by piece, at the pace of whoever downloads: so much is in memory, not the file. */
const pieceBytes = 1024 * 1024;
const pieceTimeoutMs = 10_000;

export const download: Door = async ({ params, headers, requestId }, call) => {
  const { id } = params as { id: string };
  const file = await call("files.open", { id });
  const tag = `"${file.sha256}"`;
  const shown = { etag: tag, "accept-ranges": "bytes", "cache-control": "private, no-cache" };
  if (alreadyHeld(tag, headers)) return { status: 304, headers: shown };

  const part = partOf(wantedRange(headers, tag), file.size);
  if (part === "none") return outside(file.size, requestId);
  const { start, end } = part === "all" ? { start: 0, end: file.size } : part;
  return {
    status: part === "all" ? 200 : 206,
    headers: {
      ...shown,
      ...asDownload(file),
      "content-length": String(end - start),
      ...(part === "all" ? {} : { "content-range": `bytes ${start}-${end - 1}/${file.size}` }),
    },
    body: Readable.from(pieces(call, id, { start, end }), { objectMode: false }),
  };
};

/** `If-Range` of another content asks for the whole. */
const wantedRange = (headers: IncomingHttpHeaders, tag: string): string | undefined =>
  headers["if-range"] === undefined || headers["if-range"] === tag ? headers.range : undefined;

function outside(size: number, requestId: string): DoorAnswer {
  const refused = problem(
    416,
    "RANGE_NOT_SATISFIABLE",
    "The range lies outside of the file",
    requestId,
  );
  return {
    status: 416,
    headers: { ...refused.headers, "content-range": `bytes */${size}` },
    body: Buffer.from(refused.body),
  };
}

const asDownload = ({ name, contentType }: StoredFile): Record<string, string> => ({
  "content-type": contentType,
  "content-disposition": `attachment; filename="${asciiName(name)}"; filename*=UTF-8''${encodedName(name)}`,
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff",
});

/** For old clients: plain ASCII without what quotes, escapes or leads elsewhere. */
const asciiName = (name: string): string => name.replaceAll(/[^\w .()-]/g, "_").slice(0, 200);

/** RFC 8187: what is not an attr-char is percent-encoded. */
const encodedName = (name: string): string =>
  encodeURIComponent(name.replaceAll(/[/\\]/g, "_")).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The bytes of a file, piece by piece. */
export async function* pieces(
  call: Call,
  id: string,
  { start, end }: Part,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += pieceBytes) {
    const piece = { start: at, end: Math.min(at + pieceBytes, end) };
    yield await read(call, id, piece).catch(() => read(call, id, piece)); // another replica may know
  }
}

/** One piece, whole: a stream over the bus can end early without a word. */
async function read(call: Call, id: string, part: Part): Promise<Buffer> {
  const stream = (await call(
    "files.read",
    { id, ...part },
    { timeout: pieceTimeoutMs },
  )) as Readable;
  const giveUp = setTimeout(() => stream.destroy(unavailable("Too slow")), pieceTimeoutMs);
  try {
    const piece = await buffer(stream);
    if (piece.length !== part.end - part.start) throw unavailable("A piece came incomplete");
    return piece;
  } finally {
    clearTimeout(giveUp);
  }
}
