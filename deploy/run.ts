/** Runs services in this process: all of them, any set, or one; an entry of its own as well. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ServiceBroker, type ServiceSchema } from "moleculer";
import { readConfig } from "#shared/config.ts";
import { messageOf, Problem } from "./local/problem.ts";
import { awaitNats, requireMongodb } from "./local/reachable.ts";
import { begun, stopOnSignal } from "./signals.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Running {
  broker: ServiceBroker;
  /** Lets nobody in any more, finishes what is in flight, then stops the services. */
  stop: () => Promise<void>;
}

/** The names of all services: each folder that holds a service of its own name. */
export function knownServices(): string[] {
  return [...readdirSync(join(root, "services")), "gateway"].filter((one) =>
    existsSync(fileOf(one)),
  );
}

/**
 * Which services are asked for: "cases,customers", a folder such as "services/cases", or, where
 * nothing is said, all. Throws a Problem that names the ones there are when one is unknown.
 */
export function chosenServices(asked: string | undefined): string[] {
  const names = (asked ?? "").split(",").map((one) => basename(one.trim()));
  const chosen = [...new Set(names.filter(Boolean))];
  const known = knownServices();
  const strange = chosen.find((one) => !known.includes(one));
  if (strange) throw new Problem(`There is no service ${strange}; there are ${known.join(", ")}.`);
  return chosen.length ? chosen : known;
}

/**
 * Starts these services on one broker; its settings come from the environment (shared/config.ts).
 * When one cannot start, those already started are stopped and its error is thrown.
 */
export async function runServices(names: string[]): Promise<Running> {
  const { default: options } = await import("../moleculer.config.ts");
  const broker = new ServiceBroker({ ...options, skipProcessEventRegistration: true });
  for (const name of names) {
    const loaded = (await import(pathToFileURL(fileOf(name)).href)) as { default: ServiceSchema };
    broker.createService(loaded.default);
  }
  const stop = async () => {
    // The gateway goes first: what it has in flight still needs the others.
    await gatewayOf(broker)?.drain();
    await broker.stop();
  };
  try {
    await broker.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { broker, stop };
}

/** What the gateway, where it runs in this process, offers to who runs it. */
export const gatewayOf = (broker: ServiceBroker): Gateway | undefined =>
  broker.getLocalService("gateway") as unknown as Gateway | undefined;

interface Gateway {
  /** Where it listens. */
  address: () => { host: string; port: number };
  /** Takes no more requests and answers those under way. */
  drain: () => Promise<void>;
}

const fileOf = (name: string) =>
  name === "gateway"
    ? join(root, "gateway", "gateway.service.ts")
    : join(root, "services", name, `${name}.service.ts`);

/** `node deploy/run.ts [service or folder]`: against servers that run elsewhere. */
async function main(): Promise<void> {
  for (const name of ["MONGODB_URL", "NATS_URL"]) {
    if (!process.env[name]) throw new Problem(`Say where the server is: ${name} is not set.`);
  }
  const names = chosenServices(process.argv[2] ?? process.env["SERVICES"]);
  const { MONGODB_URL, NATS_URL } = readConfig(process.env);
  let running: Promise<Running> | undefined;
  stopOnSignal(async () => {
    if (running) await (await begun(running))?.stop();
  });
  await requireMongodb(MONGODB_URL);
  await awaitNats(NATS_URL, say);
  await (running = runServices(names));
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

if (import.meta.main) {
  main().catch((error: unknown) => {
    say(messageOf(error));
    process.exit(1);
  });
}
