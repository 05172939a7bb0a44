import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import mongoose from "mongoose";
import { connect } from "nats";
import { onTestFinished } from "#shared/testing/finished.ts";
import { loopback } from "./ports.ts";
import { isAlive, signal } from "./processes.ts";
import { startServers, type Servers } from "./servers.ts";

const folderForTest = () => {
  const folder = mkdtempSync(join(tmpdir(), "casewire-servers-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const startForTest = async (dataDir: string) => {
  const said: string[] = [];
  const servers = await startServers({ dataDir, log: (line) => said.push(line) });
  onTestFinished(servers.stop);
  return { ...servers, said };
};

const until = async (holds: () => boolean) => {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("It did not come to be in 20 s");
    await pause(50);
  }
};

const withMongodb = async <T>(url: string, work: (db: mongoose.mongo.Db) => Promise<T>) => {
  const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: 15_000 });
  try {
    return await work(client.db("test"));
  } finally {
    await client.close();
  }
};

const write = (url: string) =>
  withMongodb(url, (db) =>
    db.collection("kept").insertOne({ at: 1 }, { writeConcern: { w: "majority", journal: true } }),
  );

const count = (url: string) => withMongodb(url, (db) => db.collection("kept").countDocuments());

const withNats = async <T>(
  url: string,
  work: (nats: Awaited<ReturnType<typeof connect>>) => Promise<T>,
) => {
  const nats = await connect({ servers: url, maxReconnectAttempts: 50, waitOnFirstConnect: true });
  try {
    return await work(nats);
  } finally {
    await nats.close();
  }
};

const alive = (servers: Pick<Servers, "pids">) => {
  const { mongod = 0, "nats-server": nats = 0 } = servers.pids();
  return [mongod, nats].filter((pid) => pid && isAlive(pid));
};

test("servers that are killed come back at the same address with what they had", async () => {
  const servers = await startForTest(folderForTest());
  await write(servers.mongodbUrl);
  await withNats(servers.natsUrl, async (nats) => {
    const manager = await nats.jetstreamManager();
    await manager.streams.add({ name: "events", subjects: ["events"] });
    await nats.jetstream().publish("events", "kept");
  });
  const before = alive(servers);

  for (const pid of before) signal(pid, "SIGKILL");
  await until(() => alive(servers).length === 2 && !before.some((pid) => isAlive(pid)));

  expect(await count(servers.mongodbUrl)).toBe(1);
  const messages = await withNats(servers.natsUrl, async (nats) => {
    const manager = await nats.jetstreamManager();
    return (await manager.streams.info("events")).state.messages;
  });
  expect(messages).toBe(1);
  expect(servers.said.sort()).toEqual([
    expect.stringMatching(/^mongod ended \(SIGKILL\).* Starting it again\.$/),
    expect.stringMatching(/^nats-server ended \(SIGKILL\).* Starting it again\.$/),
  ]);
});

test("stopped servers leave no process and start again with their data", async () => {
  const dataDir = folderForTest();
  const first = await startForTest(dataDir);
  await write(first.mongodbUrl);
  const before = alive(first);

  await first.stop();
  const left = before.filter((pid) => isAlive(pid));
  const second = await startForTest(dataDir);

  expect(before).toHaveLength(2);
  expect(left).toEqual([]);
  expect(second).toMatchObject({ mongodbUrl: first.mongodbUrl, natsUrl: first.natsUrl });
  expect(await count(second.mongodbUrl)).toBe(1);
});

test("what an interrupted run left behind is ended, and its data are there", async () => {
  const dataDir = folderForTest();
  const orphans = await interruptedRun(dataDir);

  const servers = await startForTest(dataDir);

  expect(orphans.filter((pid) => isAlive(pid))).toEqual([]);
  expect(alive(servers)).toHaveLength(2);
  await write(servers.mongodbUrl);
});

test("when somebody else has taken mongod's port, it moves and keeps its data", async () => {
  const dataDir = folderForTest();
  const first = await startForTest(dataDir);
  await write(first.mongodbUrl);
  await first.stop();
  const squatter = createServer().listen(Number(new URL(first.mongodbUrl).port), loopback);
  await once(squatter, "listening");
  onTestFinished(async () => {
    squatter.close();
    await once(squatter, "close");
  });

  const second = await startForTest(dataDir);

  expect(second.mongodbUrl).not.toBe(first.mongodbUrl);
  expect(await count(second.mongodbUrl)).toBe(1);
});

test("no server is started for which an address is given", async () => {
  const elsewhere = { mongodbUrl: "mongodb://elsewhere", natsUrl: "nats://elsewhere" };

  const servers = await startServers({ dataDir: folderForTest(), log: () => 0, ...elsewhere });
  await servers.stop();

  expect(servers).toMatchObject(elsewhere);
  expect(servers.pids()).toEqual({});
});

/** Starts the servers in a process of its own and kills that; answers the servers left over. */
const interruptedRun = async (dataDir: string) => {
  const module = fileURLToPath(new URL("servers.ts", import.meta.url));
  const script = `
    const { startServers } = await import(${JSON.stringify(module)});
    await startServers({ dataDir: ${JSON.stringify(dataDir)}, log: () => 0 });
    process.send("started");
  `;
  const run = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(run, "message");
  run.kill("SIGKILL");
  await once(run, "exit");
  const orphans = ["mongod.pid", "nats-server.pid"].map((name) =>
    Number(readFileSync(join(dataDir, name), "utf8")),
  );
  expect(orphans.filter((pid) => isAlive(pid))).toHaveLength(2);
  return orphans;
};
