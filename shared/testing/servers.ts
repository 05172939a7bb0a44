/** One mongod and one nats-server for a whole test run, in a folder that goes away with them. */
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../deploy/local/processes.ts";
import { startServers, type Servers } from "../../deploy/local/servers.ts";
import { endLeftOver } from "../../deploy/local/supervise.ts";

const prefix = "casewire-tests-";
/** Where files are in memory, on Linux: the thousands of collections of a run are made faster there. */
const inMemory = "/dev/shm";
/** A whole run keeps about one gigabyte. */
const roomBytes = 4 * 2 ** 30;

/**
 * Starts both servers (or uses those of MONGODB_URL and NATS_URL) and puts their addresses into
 * the environment of the test workers. `stop` ends them and removes their data.
 */
export async function startTestServers(): Promise<Servers> {
  for (const folder of [inMemory, tmpdir()].filter(existsSync)) await removeLeftOvers(folder);
  const folder = dataFolder();
  const dataDir = mkdtempSync(join(folder, `${prefix}${String(process.pid)}-`));
  const servers = await startServers({
    dataDir,
    // a small cache is searched through for what could leave it, collection by collection
    ...(folder === inMemory ? { mongodCacheGb: 2 } : {}),
    mongodbUrl: process.env["MONGODB_URL"],
    natsUrl: process.env["NATS_URL"],
    log: (line) => process.stderr.write(`${line}\n`),
  }).catch((error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  process.env["MONGODB_URL"] = servers.mongodbUrl;
  process.env["NATS_URL"] = servers.natsUrl;
  const stop = async () => {
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...servers, stop };
}

/** Where servers for tests keep their data: in memory where there is room, with as much left. */
export function dataFolder(): string {
  try {
    accessSync(inMemory, constants.W_OK);
    const { bavail, bsize } = statfsSync(inMemory);
    const room = Math.min(bavail * bsize, process.availableMemory() / 2);
    return room > roomBytes ? inMemory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A test run that was killed could not end its servers: the next one does. */
async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(prefix))) {
    const [owner] = name.slice(prefix.length).split("-");
    if (isAlive(Number(owner))) continue;
    const dataDir = join(folder, name);
    const quiet = () => undefined;
    await endLeftOver(join(dataDir, "mongod.pid"), dataDir, quiet);
    await endLeftOver(join(dataDir, "nats-server.pid"), dataDir, quiet);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
