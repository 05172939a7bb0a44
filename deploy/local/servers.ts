/** The servers that Casewire needs on this machine: those that no address is given for. */
import { resolve } from "node:path";
import { findMongod, findNatsServer } from "./binaries.ts";
import { takeDataDir } from "./data-dir.ts";
import { startMongod } from "./mongod.ts";
import { startNatsServer } from "./nats-server.ts";
import type { Log } from "./problem.ts";
import type { Supervised } from "./supervise.ts";

export interface Wanted {
  dataDir: string;
  log: Log;
  /** A server that runs elsewhere; none is started then. */
  mongodbUrl?: string | undefined;
  natsUrl?: string | undefined;
  /** How much memory mongod may use for its cache, in gigabytes; half a one when not said. */
  mongodCacheGb?: number;
}

export interface Servers {
  mongodbUrl: string;
  natsUrl: string;
  /** The processes that run now, by name; for tests and drills that kill them. */
  pids: () => Record<string, number | undefined>;
  /** Ends what was started, in good order, and gives the data directory back. */
  stop: () => Promise<void>;
}

/**
 * Takes the data directory and starts mongod and nats-server in it, both on 127.0.0.1.
 * Throws a Problem, with nothing left running, when one of them cannot be had.
 */
export async function startServers(wanted: Wanted): Promise<Servers> {
  const dataDir = resolve(wanted.dataDir);
  const { log } = wanted;
  const release = await takeDataDir(dataDir);
  const started: Record<string, Supervised> = {};
  const stop = async () => {
    await Promise.all(Object.values(started).map((one) => one.stop()));
    release();
  };
  const mongod = async () => {
    const cacheGb = wanted.mongodCacheGb ?? 0.5;
    const one = await startMongod(await findMongod(log), { dataDir, cacheGb, log });
    started["mongod"] = one;
    return one.url;
  };
  const natsServer = async () => {
    const one = await startNatsServer(await findNatsServer(log), { dataDir, log });
    started["nats-server"] = one;
    return one.url;
  };
  const both = await Promise.allSettled([
    wanted.mongodbUrl ?? mongod(),
    wanted.natsUrl ?? natsServer(),
  ]);
  const [mongodbUrl, natsUrl] = both.map((one) => (one.status === "fulfilled" ? one.value : ""));
  if (!mongodbUrl || !natsUrl) {
    await stop();
    throw both.find((one) => one.status === "rejected")?.reason;
  }
  const pids = () =>
    Object.fromEntries(Object.entries(started).map(([name, one]) => [name, one.pid()]));
  return { mongodbUrl, natsUrl, pids, stop };
}
