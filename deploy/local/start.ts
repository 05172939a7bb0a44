/** `npm start`: everything on this machine, until it is told to stop. */
import { createServer } from "node:net";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readConfig, type Config } from "#shared/config.ts";
import { firstRun, firstRunFile, keep, type FirstRun } from "../first-run.ts";
import { seed } from "../seed.ts";
import { begun, stopOnSignal } from "../signals.ts";
import { takeDataDir } from "./data-dir.ts";
import { codeOf, messageOf, Problem } from "./problem.ts";
import { requireMongodb, requireNats } from "./reachable.ts";
import { startServers } from "./servers.ts";
import { welcome } from "./welcome.ts";

const { env } = process;
const dataDir = resolve(env["DATA_DIR"] || ".data");
const readyWithinMs = 60_000;
/** Less, mongod refuses. */
const leastCacheGb = 0.25;
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
    await (await begun(starting))?.stop();
  });
  return starting;
}

async function start(): Promise<void> {
  const { HOST: host, PORT: port } = settings();
  const mongodCacheGb = cacheGb();
  const [mongodbUrl, natsUrl] = [env["MONGODB_URL"] || undefined, env["NATS_URL"] || undefined];
  await begin(takeDataDir(dataDir).then((release) => ({ stop: release })));
  await requireFreePort(host, port);
  await Promise.all([mongodbUrl && requireMongodb(mongodbUrl), natsUrl && requireNats(natsUrl)]);
  const servers = await begin(startServers({ dataDir, log, mongodbUrl, natsUrl, mongodCacheGb }));
  const known = firstRun(dataDir, env);
  setEnvironment(known, servers);
  await serve(host, known);
}

/** Read before anything is started: a wrong one is said at once. */
function settings(): Config {
  try {
    return readConfig(env);
  } catch (error) {
    throw new Problem(messageOf(error));
  }
}

function cacheGb(): number {
  const asked = Number(env["MONGOD_CACHE_GB"] || 0.5);
  if (asked >= leastCacheGb) return asked;
  throw new Problem(`The setting MONGOD_CACHE_GB must be a number from ${leastCacheGb} on.`);
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

async function serve(host: string, known: FirstRun & { isNew: boolean }): Promise<void> {
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
const requireFreePort = (host: string, port: number) =>
  new Promise<void>((settle, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      reject(new Problem(portSentence(codeOf(error), host, port)));
    });
    probe.listen(port, host, () => {
      probe.close(() => {
        settle();
      });
    });
  });

function portSentence(code: string, host: string, port: number): string {
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
