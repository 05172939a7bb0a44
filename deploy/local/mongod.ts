/** A mongod of our own: a replica set of one on this machine, as transactions and streams need it. */
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import mongoose from "mongoose";
import { explainEnd } from "./explain.ts";
import { makeFolder } from "./folders.ts";
import { loopback, rememberedPort } from "./ports.ts";
import { Problem, type Log } from "./problem.ts";
import { endLeftOver, supervise, type Supervised } from "./supervise.ts";

const set = "casewire";
const readyWithinMs = 90_000;
const longestLogBytes = 20_000_000;

/**
 * Starts mongod under `dataDir`/mongod and resolves when it is primary.
 * `cacheGb` bounds its memory. Throws a Problem when it cannot serve.
 */
export async function startMongod(
  command: string,
  { dataDir, cacheGb, log }: { dataDir: string; cacheGb: number; log: Log },
): Promise<Supervised & { url: string }> {
  const folder = join(dataDir, "mongod");
  const pidFile = join(dataDir, "mongod.pid");
  const logFile = join(dataDir, "mongod.log");
  makeFolder(folder);
  await endLeftOver(pidFile, folder, log);
  if (existsSync(logFile) && statSync(logFile).size > longestLogBytes) {
    renameSync(logFile, `${logFile}.1`);
  }
  const port = await rememberedPort(join(dataDir, "mongod.port"));
  const host = `${loopback}:${port}`;
  const run = (args: string[], ready: (given: AbortSignal) => Promise<void>) =>
    supervise({
      ...{ name: "mongod", command, pidFile, log, ready },
      args: [...argumentsFor({ folder, logFile, port, cacheGb }), ...args],
      explain: (code) => explainEnd("mongod", code, logFile),
    });
  const told = join(dataDir, "mongod.address");
  if (existsSync(told) && readFileSync(told, "utf8") !== host) {
    const alone = await run([], (given) => tellAddress(host, given));
    await alone.stop();
    writeFileSync(told, host);
  }
  const supervised = await run(["--replSet", set, "--oplogSize", "512"], (one) => lead(host, one));
  writeFileSync(told, host);
  return { ...supervised, url: `mongodb://${host}/?replicaSet=${set}` };
}

const argumentsFor = (one: { folder: string; logFile: string; port: number; cacheGb: number }) => [
  ...["--dbpath", one.folder, "--logpath", one.logFile, "--logappend", "--quiet"],
  ...["--bind_ip", loopback, "--port", String(one.port), "--nounixsocket"],
  ...["--wiredTigerCacheSizeGB", String(one.cacheGb)],
  ...["--setParameter", "diagnosticDataCollectionEnabled=false"],
  // A process that is killed leaves its transaction open, and what it touched locked, so long.
  ...["--setParameter", "transactionLifetimeLimitSeconds=5"],
  // Of thousands of collections, as tests make them, those at rest would use up the open files.
  ...["--setParameter", "wiredTigerFileHandleCloseIdleTime=30"],
  // Nobody else is in the set, so that there is nobody to wait for when it ends.
  ...["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"],
];

/** Makes the server the only member of its set, when it is not yet, and waits until it leads. */
const lead = (host: string, given: AbortSignal) =>
  patiently(host, given, async (client) => {
    const admin = client.db("admin");
    const hello = await admin.command({ hello: 1 });
    if (hello["isWritablePrimary"]) return true;
    const members = [{ _id: 0, host }];
    if (!hello["setName"]) await admin.command({ replSetInitiate: { _id: set, members } });
    return false;
  });

/**
 * Tells a set the address that its member has since its old port was taken. The server has to run
 * without its set for this: as a member that does not find itself it would wait for others.
 */
const tellAddress = (host: string, given: AbortSignal) =>
  patiently(host, given, async (client) => {
    const sets = client.db("local").collection("system.replset");
    await sets.updateOne({}, { $set: { "members.0.host": host }, $inc: { version: 1 } });
    return true;
  });

type Client = mongoose.mongo.MongoClient;

/** Tries until it is done; a server that is just starting refuses much. */
async function patiently(
  host: string,
  given: AbortSignal,
  attempt: (client: Client) => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (!(await withClient(host, attempt).catch(() => false))) {
    if (given.aborted) return;
    if (Date.now() > deadline) throw new Problem("mongod did not become ready in 90 seconds.");
    await pause(50);
  }
}

/** A client of its own each time: one whose first connection failed never connects again. */
async function withClient<T>(host: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: 300,
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
