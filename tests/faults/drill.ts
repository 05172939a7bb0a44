/**
 * `npm run drill -- --messages 20000 --kills 50 --seed 7`: messages come in while processes are
 * killed at random; afterwards nothing may be lost, doubled or left out (P1-P4, P12).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { until } from "#shared/testing/until.ts";
import { startServers } from "../../deploy/local/servers.ts";
import { apart, makeInbox, startSystem, together, wayApart } from "../system/system.ts";
import { allTakenIn, type Verdict } from "./checker.ts";
import { keep } from "./keeper.ts";
import { chance } from "./random.ts";
import { sendAll } from "./senders.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "20000" },
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    senders: { type: "string", default: "16" },
    replicas: { type: "string", default: "1" },
    /** One process for all that a message does not pass on its way. */
    few: { type: "boolean", default: false },
    /** One process for all services instead of one for each. */
    together: { type: "boolean", default: false },
  },
});
const [messages, kills, seed, senders, replicas] = [
  values.messages,
  values.kills,
  values.seed,
  values.senders,
  values.replicas,
].map(Number) as [number, number, number, number, number];
const layout = values.few ? wayApart : apart;
const tell = (line: string) => void process.stdout.write(`${line}\n`);

tell(`seed ${String(seed)}: ${values.messages} messages, ${values.kills} kills`);
const dataDir = mkdtempSync(join(tmpdir(), "casewire-drill-"));
const servers = await startServers({ dataDir, log: () => undefined });
try {
  const system = await startSystem(servers, values.together ? together : layout(replicas));
  const namespace = String(system.environment["NAMESPACE"]);
  const keeper = keep(system, servers);
  const draw = chance(seed);
  const victims: string[] = [];
  const logFile = join(dataDir, "acknowledged.jsonl");
  const began = Date.now();
  try {
    const inbox = await makeInbox(system);
    const sent = await sendAll(system, inbox, {
      messages,
      senders,
      seed,
      logFile,
      progress(done) {
        const due = Math.floor((done * (kills + 1)) / messages);
        if (due > victims.length && victims.length < kills) {
          const place = victims.push("…") - 1;
          void keeper.killOne(draw).then((victim) => (victims[place] = victim));
        }
      },
    });
    tell(`killed: ${victims.join(", ")}`);
    tell(`sent in ${String(Math.round((Date.now() - began) / 1000))} s: ${JSON.stringify(sent)}`);
    await settled(servers.mongodbUrl, namespace);
    const verdict = checked(logFile, servers.mongodbUrl, namespace);
    report(verdict);
    if (sent.slowestMs > 10_000) {
      tell(`a request hung for ${String(sent.slowestMs)} ms`);
      process.exitCode = 1;
    }
  } finally {
    await keeper.stop();
  }
} finally {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Everything recorded is filed, every event published and taken in. */
async function settled(url: string, namespace: string): Promise<void> {
  const client = await new MongoClient(url).connect();
  const db = (service: string) => client.db(`${namespace}_${service}`);
  try {
    await until(
      async () => {
        const left = await db("channels")
          .collection("interactions")
          .countDocuments({ state: "received" });
        return left === 0 && (await allTakenIn(url, namespace));
      },
      { withinMs: 180_000, everyMs: 500 },
    ).catch((error: unknown) => {
      tell(`not everything came to rest: ${String(error)}`); // the checker says what
    });
  } finally {
    await client.close();
  }
}

function checked(logFile: string, url: string, namespace: string): Verdict {
  const checker = fileURLToPath(new URL("checker.ts", import.meta.url));
  const said = execFileSync(process.execPath, [checker, logFile, url, namespace], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return JSON.parse(said) as Verdict;
}

function report({ lost, doubled, gaps, ...counts }: Verdict): void {
  tell(JSON.stringify(counts));
  for (const line of [...lost, ...doubled, ...gaps].slice(0, 20)) tell(`  ${line}`);
  tell(
    `lost ${String(lost.length)}, doubled ${String(doubled.length)}, gaps ${String(gaps.length)}`,
  );
  if (lost.length + doubled.length + gaps.length > 0) process.exitCode = 1;
}
