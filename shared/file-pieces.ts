/** The bytes of a file, asked of the files service piece by piece, so that a whole one is in no message. */
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Caller } from "./bus.ts";
import { unavailable } from "./errors.ts";

const pieceBytes = 1024 * 1024;
const pieceTimeoutMs = 10_000;

type Call = Caller["call"];

/** From `start` until before `end`. */
interface Part {
  start: number;
  end: number;
}

/** The bytes of a part, at the pace of whoever takes them: a piece is in memory, not the file. */
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

/** All of a file of this size, which has to fit into memory. */
export async function wholeFile(call: Call, id: string, size: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces(call, id, { start: 0, end: size })) parts.push(piece);
  return Buffer.concat(parts);
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
