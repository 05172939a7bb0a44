/** One mongod and one nats-server for a whole test run, in a folder that goes away with them. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../deploy/local/processes.ts";
import { startServers, type Servers } from "../../deploy/local/servers.ts";
import { endLeftOver } from "../../deploy/local/supervise.ts";

const prefix = "casewire-tests-";

/**
 * Starts both servers (or uses those of MONGODB_URL and NATS_URL) and puts their addresses into
 * the environment of the test workers. `stop` ends them and removes their data.
 */
export async function startTestServers(): Promise<Servers> {
  await removeLeftOvers();
  const dataDir = mkdtempSync(join(tmpdir(), `${prefix}${String(process.pid)}-`));
  const servers = await startServers({
    dataDir,
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

/** A test run that was killed could not end its servers: the next one does. */
async function removeLeftOvers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const [owner] = name.slice(prefix.length).split("-");
    if (isAlive(Number(owner))) continue;
    const dataDir = join(tmpdir(), name);
    const quiet = () => undefined;
    await endLeftOver(join(dataDir, "mongod.pid"), dataDir, quiet);
    await endLeftOver(join(dataDir, "nats-server.pid"), dataDir, quiet);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
