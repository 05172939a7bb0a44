import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { findNatsServer } from "./local/binaries.ts";
import { startNatsServer } from "./local/nats-server.ts";
import { chosenServices, knownServices } from "./run.ts";

const here = dirname(fileURLToPath(import.meta.url));

/** Runs an entry in a process of its own, and answers its exit code and what it said. */
const run = async (script: string, env: NodeJS.ProcessEnv, ...args: string[]) => {
  const { PATH } = process.env;
  try {
    const all = [join(here, script), ...args];
    await promisify(execFile)(process.execPath, all, { env: { PATH, ...env } });
    return { code: 0, said: "" };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: (stdout + stderr).trim() };
  }
};

test("services are found by their folders, and chosen by name or folder", () => {
  const [first = "", second = ""] = knownServices();

  expect(chosenServices(undefined)).toEqual(knownServices());
  expect(chosenServices("")).toEqual(knownServices());
  expect(chosenServices(` ${second},services/${first}/, ${first}`)).toEqual([second, first]);
});

test("an unknown service is refused with the names there are", () => {
  expect(() => chosenServices("cases,nobody")).toThrow(/^There is no service nobody; there are /);
});

test("a process of its own says which address it lacks", async () => {
  const address = "mongodb://127.0.0.1:1";

  expect(await run("run.ts", {})).toEqual({
    code: 1,
    said: "Say where the server is: MONGODB_URL is not set.",
  });
  expect(await run("run.ts", { MONGODB_URL: address })).toEqual({
    code: 1,
    said: "Say where the server is: NATS_URL is not set.",
  });
});

test("a process says which setting is wrong, or that its MongoDB is not there, and exits", async () => {
  const env = { MONGODB_URL: "mongodb://127.0.0.1:1", NATS_URL: "nats://127.0.0.1:1" };

  expect(await run("run.ts", { ...env, PORT: "abc" })).toEqual({
    code: 1,
    said: "The setting PORT must be a number.",
  });
  expect(await run("run.ts", env)).toEqual({
    code: 1,
    said: "No MongoDB answers at MONGODB_URL (connect ECONNREFUSED 127.0.0.1:1).",
  });
});

/** Runs a service in a process of its own on the tests' MongoDB, and listens to what it says. */
const started = (env: NodeJS.ProcessEnv) => {
  const child = spawn(process.execPath, [join(here, "run.ts"), "audit"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const heard = { out: "", err: "" };
  child.stdout.on("data", (data) => (heard.out += String(data)));
  child.stderr.on("data", (data) => (heard.err += String(data)));
  const ended = once(child, "close").then(([code]) => code as number);
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { heard, stop };
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
};

test("a process that is started before its NATS says so, waits, and comes up by itself", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "casewire-nats-late-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const port = await freePort();
  writeFileSync(join(dataDir, "nats-server.port"), String(port));
  const log = () => undefined;

  const early = started({ NATS_URL: `nats://127.0.0.1:${port}` });
  await until(() => early.heard.err);
  const server = await startNatsServer(await findNatsServer(log), { dataDir, log });
  onTestFinished(server.stop);
  await until(() => early.heard.out.includes("Service 'audit' started"));

  expect(await early.stop()).toBe(0);
  expect(early.heard.err).toBe(
    "No NATS answers at NATS_URL (CONNECTION_REFUSED); waiting for it.\n",
  );
});

test("a process that waits for its NATS stops when it is told to", async () => {
  const early = started({ NATS_URL: "nats://127.0.0.1:1" });
  await until(() => early.heard.err);

  expect(await early.stop()).toBe(0);
});

test("an unknown command is answered with the ones there are", async () => {
  expect(await run("local/bootstrap.mjs", {}, "dance")).toEqual({
    code: 1,
    said: "Say one of: start, test, check, dev, bench, drill, drill:imports, drill:merges, drill:reminders.",
  });
});
