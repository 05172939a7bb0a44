/** `npm start`: everything on this machine, until it is told to stop. */
import { createServer } from "node:net";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { firstRun, firstRunFile, keep, type FirstRun } from "../first-run.ts";
import { seed } from "../seed.ts";
import { stopOnSignal } from "../signals.ts";
import { takeDataDir } from "./data-dir.ts";
import { codeOf, messageOf, Problem } from "./problem.ts";
import { requireMongodb, requireNats } from "./reachable.ts";
import { startServers } from "./servers.ts";
import { welcome } from "./welcome.ts";

const { env } = process;
const dataDir = resolve(env["DATA_DIR"] ?? ".data");
const host = env["HOST"] ?? "127.0.0.1";
const readyWithinMs = 60_000;
const startPatienceMs = 8_000;
const log = (line: string) => process.stdout.write(`${line}\n`);

/** What has been started, to be stopped in the opposite order. */
const stops: (() => Promise<void>)[] = [];
let stopping = false;

async function stop(): Promise<void> {
  stopping = true;
  if (stops.length > 1) log("Stopping …");
  for (const one of stops.splice(0).reverse()) await one();
}

/** Waits for something to start; a stop that comes meanwhile waits for it too, but not for ever. */
function begin<T extends { stop: () => unknown }>(starting: Promise<T>): Promise<T> {
  stops.push(async () => {
    const given = pause(startPatienceMs, undefined, { ref: false });
    const begun = await Promise.race([starting.catch(() => undefined), given]);
    await begun?.stop();
  });
  return starting;
}

async function start(): Promise<void> {
  await begin(takeDataDir(dataDir).then((release) => ({ stop: release })));
  await requireFreePort(Number(env["PORT"] ?? 3000));
  await Promise.all([
    env["MONGODB_URL"] && requireMongodb(env["MONGODB_URL"]),
    env["NATS_URL"] && requireNats(env["NATS_URL"]),
  ]);
  const servers = await begin(
    startServers({
      dataDir,
      log,
      mongodbUrl: env["MONGODB_URL"],
      natsUrl: env["NATS_URL"],
      mongodCacheGb: Number(env["MONGOD_CACHE_GB"] ?? 0.5),
    }),
  );
  const known = firstRun(dataDir, env);
  setEnvironment(known, servers);
  await serve(known);
}

/** Settings that the services read; what the user said stands. */
function setEnvironment(known: FirstRun, servers: { mongodbUrl: string; natsUrl: string }): void {
  env["MONGODB_URL"] = servers.mongodbUrl;
  env["NATS_URL"] = servers.natsUrl;
  env["ADMIN_EMAIL"] = known.adminEmail;
  env["ADMIN_PASSWORD"] = known.adminPassword;
  env["LOG_FORMAT"] ??= "text";
  env["LOG_LEVEL"] ??= "warn";
}

async function serve(known: FirstRun & { isNew: boolean }): Promise<void> {
  const { chosenServices, gatewayOf, runServices } = await import("../run.ts");
  const names = chosenServices(env["SERVICES"]);
  log(`Starting ${names.join(", ")} …`);
  const { broker } = await begin(runServices(names));
  const gateway = gatewayOf(broker);
  if (!gateway) {
    log(`running ${names.join(", ")}; without the gateway there is no HTTP`);
    return;
  }
  const base = `http://${host.includes(":") ? `[${host}]` : host}:${gateway.address().port}`;
  await healthy(`${base}/health/${env["SERVICES"] ? "live" : "ready"}`);
  const { isNew, ...kept } = known;
  const demo = await demoData(base, kept);
  for (const line of welcome({ base, dataDir, file: firstRunFile(dataDir), isNew, demo }))
    log(line);
  log(`ready ${base}`);
}

/** All services have to run for the demo; without it the product works as well. */
async function demoData(base: string, known: FirstRun): Promise<FirstRun> {
  if (env["DEMO"] === "0" || env["SERVICES"] || known.seeded) return known;
  log("Making the demo campaign, its channels and users …");
  try {
    return await seed(base, known, (news) => {
      keep(dataDir, news);
    });
  } catch (error) {
    log(`The demo data are not complete: ${messageOf(error)} (DEMO=0 goes without them)`);
    return known;
  }
}

async function healthy(address: string): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const answer = await fetch(address);
    if (answer.ok) return;
    const said = await answer.text();
    if (Date.now() > deadline) throw new Problem(`The services do not get ready: ${said}`);
    await pause(100);
  }
}

/** Says so before anything is started when somebody else has the port. */
const requireFreePort = (port: number) =>
  new Promise<void>((settle, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      reject(new Problem(portSentence(codeOf(error), port)));
    });
    probe.listen(port, host, () => {
      probe.close(() => {
        settle();
      });
    });
  });

function portSentence(code: string, port: number): string {
  const where = `${host}:${port}`;
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is taken; stop what uses it or choose another one with PORT.`;
  }
  if (code === "EACCES") return `This user may not listen on ${where}; choose another PORT.`;
  return `Casewire cannot listen on ${where} (${code}); check HOST and PORT.`;
}

stopOnSignal(stop);
start().catch(async (error: unknown) => {
  if (stopping) return;
  log(error instanceof Problem ? error.message : `Casewire could not start: ${messageOf(error)}`);
  await stop();
  process.exit(1);
});
