/** The archive that a workbook is: measured by its directory before anything of it is inflated. */
import { fromBuffer, type Entry, type ZipFile } from "yauzl";
import { invalidField, tooLarge } from "#shared/errors.ts";

const mostEntries = 1_000;
const mostBytes = 200 * 1024 * 1024;

export interface Archive {
  has(name: string): boolean;
  /** The bytes of an entry as they are inflated; more of them than the directory says is refused. */
  read(name: string): AsyncIterable<Buffer>;
}

/** 422: the file is not what it has to be. */
export const unreadable = (message: string, code = "workbook") =>
  invalidField("file", message, code);

/**
 * @throws 422 VALIDATION_ERROR at `file` where it is no workbook, or has an entry that leads out of
 *   it; 413 TOO_LARGE beyond 1,000 entries or 200 MB inflated
 */
export async function openArchive(bytes: Buffer): Promise<Archive> {
  if (bytes.length < 22 || bytes.readUInt32BE(0) !== localHeader) throw noWorkbook();
  const zip = await opened(bytes);
  if (zip.entryCount > mostEntries) throw tooLarge("A workbook may have at most 1,000 entries");
  const entries = await listed(zip);
  if (!entries.has("xl/workbook.xml") || !entries.has("[Content_Types].xml")) throw noWorkbook();
  const budget = { left: mostBytes };
  return {
    has: (name) => entries.has(name),
    read: (name) => inflated(zip, entries.get(name), budget),
  };
}

const localHeader = 0x504b0304;

const noWorkbook = () => unreadable("is not an Excel workbook (.xlsx)", "type");

const opened = (bytes: Buffer): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (fault, zip) => {
      if (fault) reject(noWorkbook());
      else resolve(zip);
    });
  });

function listed(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let size = 0;
  return new Promise((resolve, reject) => {
    zip.on("entry", (entry: Entry) => {
      const { fileName: name, uncompressedSize } = entry;
      size += uncompressedSize;
      if (size > mostBytes) reject(tooLarge("A workbook may have at most 200 MB when unpacked"));
      else if (entry.isEncrypted()) reject(unreadable("is protected by a password"));
      else if (entries.has(name)) reject(unreadable("has two entries of one name"));
      else {
        entries.set(name, entry);
        zip.readEntry();
      }
    });
    zip.once("end", () => {
      resolve(entries);
    });
    // such as a name with "..", an absolute one, or a directory that contradicts itself
    zip.once("error", () => {
      reject(unreadable("has an entry that is not allowed, or is damaged", "entry"));
    });
    zip.readEntry();
  });
}

async function* inflated(
  zip: ZipFile,
  entry: Entry | undefined,
  budget: { left: number },
): AsyncGenerator<Buffer> {
  if (!entry) throw unreadable("lacks a part that a workbook has");
  const stream = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    zip.openReadStream(entry, (fault, bytes) => {
      if (fault) reject(damaged());
      else resolve(bytes as AsyncIterable<Buffer>);
    });
  });
  try {
    for await (const chunk of stream) {
      budget.left -= chunk.length;
      if (budget.left < 0) throw tooLarge("A workbook may have at most 200 MB when unpacked");
      yield chunk;
    }
  } catch (error) {
    throw error instanceof Error && "type" in error ? error : damaged();
  }
}

const damaged = () => unreadable("is damaged", "damaged");
