/** Ports of our own servers on this machine, remembered in the data directory. */
import { randomInt } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { Problem } from "./problem.ts";

/** The address all local servers listen on. */
export const loopback = "127.0.0.1";

/** Below the range that systems take the ports of outgoing connections from. */
const [lowest, highest] = [20_000, 32_000];
const attempts = 50;

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

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Problem(`No free port was found on ${loopback}.`);
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once("error", () => {
      resolve(false);
    });
    probe.listen(port, loopback, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
