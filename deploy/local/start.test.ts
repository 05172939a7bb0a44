import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { onTestFinished } from "#shared/testing/finished.ts";
import { loopback } from "./ports.ts";
import { isAlive } from "./processes.ts";
import { endLeftOver } from "./supervise.ts";

const entry = fileURLToPath(new URL("start.ts", import.meta.url));

const folderForTest = () => {
  const folder = mkdtempSync(join(tmpdir(), "casewire-start-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** Runs `npm start`'s entry on a data directory of its own. */
const start = (dataDir: string, env: NodeJS.ProcessEnv) => {
  const { PATH, HOME } = process.env;
  const run = spawn(process.execPath, [entry], {
    env: { PATH, HOME, DATA_DIR: dataDir, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void run.kill("SIGKILL"));
  const said: string[] = [];
  const ended = once(run, "close").then(([code]) => code as number);
  const ready = (async () => {
    for await (const line of createInterface(run.stdout)) {
      said.push(line);
      if (line.startsWith("ready ")) return line.slice("ready ".length);
    }
    throw new Error(`It ended before it was ready: ${said.join("\n")}`);
  })();
  ready.catch(() => undefined);
  const stop = async () => {
    run.stdout.resume();
    run.kill("SIGTERM");
    return ended;
  };
  return { said, ready, ended, stop, kill: () => run.kill("SIGKILL") };
};

const serversOf = (dataDir: string) =>
  readdirSync(dataDir)
    .filter((name) => name.endsWith(".pid"))
    .map((name) => Number(readFileSync(join(dataDir, name), "utf8")));

const post = async (base: string, path: string, body: object, token?: string) => {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as { state?: string } };
};

test("a taken port is said so, and nothing is left running", async () => {
  const dataDir = folderForTest();
  const squatter = createServer().listen(0, loopback);
  await once(squatter, "listening");
  onTestFinished(() => void squatter.close());
  const { port } = squatter.address() as AddressInfo;

  const run = start(dataDir, { PORT: String(port) });

  expect(await run.ended).toBe(1);
  expect(run.said).toEqual([
    `Port ${port} on ${loopback} is taken; stop what uses it or choose another one with PORT.`,
  ]);
  expect(readdirSync(dataDir)).toEqual([]);
});

test("a wrong setting is named before anything is started", async () => {
  const dataDir = folderForTest();
  const sayings = [];

  for (const wrong of [{ PORT: "abc" }, { ADMIN_PASSWORD: "short" }, { MONGOD_CACHE_GB: "x" }]) {
    const run = start(dataDir, wrong);
    sayings.push([await run.ended, run.said]);
  }

  expect(sayings).toEqual([
    [1, ["The setting PORT must be a number."]],
    [1, [expect.stringMatching(/^The setting ADMIN_PASSWORD .*8 characters/)]],
    [1, [expect.stringMatching(/^The setting MONGOD_CACHE_GB must be a number/)]],
  ]);
  expect(readdirSync(dataDir)).toEqual([]);
});

test("servers named by the user that do not answer are said so", async () => {
  const run = start(folderForTest(), { NATS_URL: "nats://127.0.0.1:1" });

  expect(await run.ended).toBe(1);
  expect(run.said).toEqual([expect.stringMatching(/^No NATS answers at NATS_URL/)]);
});

test("a first run serves the demo, survives a kill with its data, and stops leaving nothing", async () => {
  const dataDir = folderForTest();
  const first = start(dataDir, { ADMIN_PASSWORD: "a long passphrase" });
  const firstBase = await first.ready;
  const file = join(dataDir, "first-run.json");
  const known = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const message = {
    externalId: "hello-1",
    from: { type: "email", value: "ada@example.com" },
    text: "Hello",
  };
  const path = `/channels/${known["channelId"]}/messages`;
  const filed = await post(firstBase, path, message, known["channelKey"]);
  const orphans = serversOf(dataDir);
  onTestFinished(async () => {
    await endLeftOver(join(dataDir, "mongod.pid"), dataDir, () => 0);
    await endLeftOver(join(dataDir, "nats-server.pid"), dataDir, () => 0);
  });

  first.kill();
  await first.ended;
  const second = start(dataDir, {});
  const secondBase = await second.ready;
  const repeated = await post(secondBase, path, message, known["channelKey"]);
  const signedIn = await post(secondBase, "/auth/sign-in", {
    email: "admin@example.com",
    password: "a long passphrase",
  });
  const servers = serversOf(dataDir);
  const code = await second.stop();

  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(known);
  expect(filed).toMatchObject({ status: 201, body: { state: "filed" } });
  expect(repeated).toMatchObject({ status: 200, body: { duplicate: true } });
  expect(signedIn.status).toBe(200);
  expect([...orphans, ...servers].filter((pid) => isAlive(pid))).toEqual([]);
  expect([orphans.length, servers.length, code]).toEqual([2, 2, 0]);
}, 90_000);
