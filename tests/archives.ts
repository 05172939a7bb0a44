/** Reads zip archives that the product made. */
import { buffer } from "node:stream/consumers";
import { fromBuffer, type Entry, type ZipFile } from "yauzl";

/** The entries of an archive by their names; @throws for one that is not whole */
export function readArchive(archive: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (fault, zip: ZipFile) => {
      if (fault) {
        reject(fault);
        return;
      }
      const found = new Map<string, Buffer>();
      zip.on("entry", (entry: Entry) => {
        zip.openReadStream(entry, (broken, stream) => {
          if (broken) reject(broken);
          else
            void keep(entry.fileName, stream).then(() => {
              zip.readEntry();
            }, reject);
        });
      });
      const keep = async (name: string, stream: NodeJS.ReadableStream) => {
        found.set(name, await buffer(stream));
      };
      zip.once("end", () => {
        resolve(found);
      });
      zip.once("error", reject);
      zip.readEntry();
    });
  });
}
