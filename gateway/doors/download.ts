/** Files to take away: `GET /files/:id`. Never shown in place, whatever they hold. */
import { Readable } from "node:stream";
import type { IncomingHttpHeaders } from "node:http";
import type { StoredFile } from "#shared/contracts/files.ts";
import { pieces } from "#shared/file-pieces.ts";
import type { Call, Door, DoorAnswer } from "../door.ts";
import { problem } from "../problems.ts";
import { alreadyHeld } from "../versions.ts";
import { partOf } from "./ranges.ts";

export const download: Door = async ({ params, headers, requestId }, call) => {
  const { id } = params as { id: string };
  return downloadOf(await call("files.open", { id }), { headers, requestId }, call);
};

/** `GET /channels/:id/outbound/:interactionId/files/:fileId`. */
export const downloadOutboundFile: Door = async ({ params, headers, requestId }, call) => {
  const asked = params as { id: string; interactionId: string; fileId: string };
  const file = await call("channels.openOutboundFile", asked);
  return downloadOf(file, { headers, requestId }, call);
};

interface Asked {
  headers: IncomingHttpHeaders;
  requestId: string;
}

function downloadOf(file: StoredFile, { headers, requestId }: Asked, call: Call): DoorAnswer {
  const { id } = file;
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
}

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
