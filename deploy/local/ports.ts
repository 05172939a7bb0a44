/** Ports of our own servers on this machine, remembered in the data directory. */
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";

/** The address all local servers listen on. */
export const loopback = "127.0.0.1";

/**
 * The port kept in `file` when it is still free, otherwise a new free one, which is then kept there.
 * The port stays the same over restarts, so that clients and the replica set find it again.
 */
export async function rememberedPort(file: string): Promise<number> {
  const kept = Number(await readFile(file, "utf8").catch(() => ""));
  if (kept && (await isFree(kept))) return kept;
  const port = await freePort();
  await writeFile(file, String(port));
  return port;
}

const isFree = (port: number) =>
  freePort(port).then(
    () => true,
    () => false,
  );

const freePort = (port = 0) =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(port, loopback, () => {
      const bound = (probe.address() as AddressInfo).port;
      probe.close(() => {
        resolve(bound);
      });
    });
  });
