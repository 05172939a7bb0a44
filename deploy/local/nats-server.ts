/** A nats-server of our own with JetStream, on this machine. */
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { explainEnd } from "./explain.ts";
import { makeFolder } from "./folders.ts";
import { loopback, rememberedPort } from "./ports.ts";
import { Problem, type Log } from "./problem.ts";
import { endLeftOver, supervise, type Supervised } from "./supervise.ts";

const configuration = fileURLToPath(new URL("../nats.conf", import.meta.url));
const readyWithinMs = 60_000;

/**
 * Starts nats-server with its store under `dataDir`/nats and resolves when it answers.
 * Throws a Problem when it cannot serve.
 */
export async function startNatsServer(
  command: string,
  { dataDir, log }: { dataDir: string; log: Log },
): Promise<Supervised & { url: string }> {
  const folder = join(dataDir, "nats");
  const pidFile = join(dataDir, "nats-server.pid");
  const logFile = join(dataDir, "nats-server.log");
  makeFolder(folder);
  await endLeftOver(pidFile, folder, log);
  closeSync(openSync(logFile, "w"));
  const port = await rememberedPort(join(dataDir, "nats-server.port"));
  const supervised = await supervise({
    name: "nats-server",
    command,
    args: [
      ...["--config", configuration, "--addr", loopback, "--port", String(port)],
      ...["--store_dir", folder, "--log", logFile],
    ],
    pidFile,
    log,
    ready: (given) => greeted(port, given),
    explain: (code) => explainEnd("nats-server", code, logFile),
  });
  return { ...supervised, url: `nats://${loopback}:${String(port)}` };
}

/** Resolves when the server says INFO with JetStream on a new connection. */
async function greeted(port: number, given: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (!(await greeting(port)).includes('"jetstream":true')) {
    if (given.aborted) return;
    if (Date.now() > deadline) throw new Problem("nats-server did not answer within 60 seconds.");
    await pause(20);
  }
}

const greeting = (port: number) =>
  new Promise<string>((resolve) => {
    const socket = connect(port, loopback);
    socket.setTimeout(500, () => socket.destroy());
    socket.once("data", (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once("error", () => undefined);
    socket.once("close", () => {
      resolve("");
    });
  });
