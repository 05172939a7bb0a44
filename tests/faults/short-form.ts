/** Runs the short form of a drill, on servers of its own, because it kills them. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { dataFolder } from "#shared/testing/servers.ts";

/**
 * What the drill said, whether it was content or not.
 * @param drill its file, in this folder
 */
export async function shortForm(drill: string, ...options: string[]): Promise<string> {
  const { MONGODB_URL: _mongodb, NATS_URL: _nats, ...environment } = process.env;
  const file = fileURLToPath(new URL(drill, import.meta.url));
  const ran = promisify(execFile)(process.execPath, [file, ...options], {
    env: { ...environment, TMPDIR: dataFolder() },
    maxBuffer: 1 << 26,
  });
  const { stdout } = await ran.catch((failed: unknown) => failed as { stdout: string });
  return stdout;
}
