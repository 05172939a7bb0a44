/** A zip archive that is made while it is sent: one entry at a time, at the pace of who takes it. */
import { once } from "node:events";
import { Readable, type PassThrough } from "node:stream";
import { ZipFile } from "yazl";

export interface Entry {
  /** Its path in the archive, with `/`. */
  name: string;
  /** Whether its content gets smaller by compression. */
  compress: boolean;
  content: AsyncIterable<Buffer | string>;
}

/**
 * The archive as a stream. Where an entry fails it breaks off, without the table of contents that an
 * archive ends with: no reader takes it for a whole one.
 */
export function archiveOf(entries: AsyncIterable<Entry>): Readable {
  const zip = new ZipFile();
  const archive = zip.outputStream as PassThrough;
  const given = new AbortController();
  const breakOff = (error: unknown) => {
    archive.destroy(error as Error);
  };
  archive.once("close", () => {
    given.abort(new Error("Nobody takes the archive any more"));
  });
  (zip as unknown as NodeJS.EventEmitter).on("error", breakOff);
  fill(zip, entries, given.signal).then(() => {
    zip.end();
  }, breakOff);
  return archive;
}

async function fill(zip: ZipFile, entries: AsyncIterable<Entry>, given: AbortSignal) {
  for await (const { name, compress, content } of entries) {
    given.throwIfAborted();
    const source = Readable.from(content, { objectMode: false });
    const end = () => source.destroy();
    given.addEventListener("abort", end, { once: true });
    const read = once(source, "close");
    zip.addReadStream(source, name, { compress, mtime: new Date() });
    await read;
    given.removeEventListener("abort", end);
  }
  given.throwIfAborted();
}
