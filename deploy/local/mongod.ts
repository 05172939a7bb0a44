/** A mongod of our own: a replica set of one on this machine, as transactions and streams need it. */
import { existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import mongoose from "mongoose";
import { makeFolder } from "./folders.ts";
import { loopback, rememberedPort } from "./ports.ts";
import { Problem, type Log } from "./problem.ts";
import { endLeftOver, supervise, type Supervised } from "./supervise.ts";

type Admin = ReturnType<ReturnType<mongoose.mongo.MongoClient["db"]>["admin"]>;

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
  const supervised = await supervise({
    name: "mongod",
    command,
    args: argumentsFor({ folder, logFile, port, cacheGb }),
    pidFile,
    log,
    ready: (given) => becomePrimary(port, given),
    explain: (code) => explain(code, logFile),
  });
  return { ...supervised, url: `mongodb://${loopback}:${String(port)}/?replicaSet=${set}` };
}

const argumentsFor = (one: { folder: string; logFile: string; port: number; cacheGb: number }) => [
  ...["--dbpath", one.folder, "--logpath", one.logFile, "--logappend", "--quiet"],
  ...["--bind_ip", loopback, "--port", String(one.port), "--nounixsocket"],
  ...["--replSet", set, "--oplogSize", "512"],
  ...["--wiredTigerCacheSizeGB", String(one.cacheGb)],
  ...["--setParameter", "diagnosticDataCollectionEnabled=false"],
  // Nobody else is in the set, so that there is nobody to wait for when it ends.
  ...["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"],
];

/** Makes the server the only member of its set, also after its port changed; waits until it leads. */
async function becomePrimary(port: number, given: AbortSignal): Promise<void> {
  const host = `${loopback}:${String(port)}`;
  const deadline = Date.now() + readyWithinMs;
  while (!(await asAdmin(host, (admin) => leads(admin, host)).catch(() => false))) {
    if (given.aborted) return;
    if (Date.now() > deadline) throw new Problem("mongod did not become ready in 90 seconds.");
    await pause(50);
  }
}

/** A client of its own each time: one whose first connection failed never connects again. */
async function asAdmin<T>(host: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: 300,
  });
  try {
    return await ask(client.db().admin());
  } finally {
    await client.close();
  }
}

async function leads(admin: Admin, host: string): Promise<boolean> {
  const hello = await admin.command({ hello: 1 });
  if (hello["isWritablePrimary"] && hello["me"] === host) return true;
  if (hello["isreplicaset"]) {
    await admin.command({ replSetInitiate: { _id: set, members: [{ _id: 0, host }] } });
  } else if (!hello["setName"]) {
    await moveTo(admin, host);
  }
  return false;
}

/** The set knows its member by an old port: tells it the new one. */
async function moveTo(admin: Admin, host: string): Promise<void> {
  const { config } = (await admin.command({ replSetGetConfig: 1 })) as {
    config?: { version: number; members: { host: string }[] };
  };
  const [member] = config?.members ?? [];
  if (!config || !member || member.host === host) return;
  await admin.command({
    replSetReconfig: { ...config, version: config.version + 1, members: [{ ...member, host }] },
    force: true,
  });
}

const reasons: [RegExp, string][] = [
  [/No space left on device|ENOSPC/, "The disk is full, mongod cannot write"],
  [/Address already in use/, "The port of mongod is taken by another program"],
  [/DBPathInUse|Unable to lock the lock file/, "Another mongod uses the data directory"],
  [/Permission denied/, "mongod may not write in the data directory"],
  [
    /UPGRADE PROBLEM|featureCompatibilityVersion/,
    "The data were written by another mongod version",
  ],
];

function explain(code: string, logFile: string): string {
  if (code === "ENOENT" || code === "EACCES") return `mongod could not be run (${code}).`;
  const tail = existsSync(logFile) ? readFileSync(logFile, "utf8").slice(-20_000) : "";
  const reason = reasons.find(([pattern]) => pattern.test(tail))?.[1] ?? "mongod ended by itself";
  return `${reason} (${code}); more in ${logFile}.`;
}
