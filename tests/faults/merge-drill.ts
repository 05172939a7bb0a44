/**
 * `npm run drill:merges -- --merges 500 --kills 30 --seed 7`: customers, or with `--of cases` cases,
 * are merged while customers write and processes are killed at random; afterwards everything of all
 * of them is the survivors', exactly once (P7).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { until } from "#shared/testing/until.ts";
import { startServers } from "../../deploy/local/servers.ts";
import { apart, makeInbox, startSystem, wayApart } from "../system/system.ts";
import { keep } from "./keeper.ts";
import { caseFaultsOf } from "./case-merge-checker.ts";
import { faultsOf } from "./merge-checker.ts";
import { Cast } from "./merging.ts";
import { Desk } from "./merging-cases.ts";
import { chance } from "./random.ts";

const { values } = parseArgs({
  options: {
    of: { type: "string", default: "customers" },
    merges: { type: "string", default: "500" },
    kills: { type: "string", default: "30" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    writers: { type: "string", default: "6" },
    mergers: { type: "string", default: "3" },
    replicas: { type: "string", default: "1" },
    /** One process for all that a message does not pass on its way. */
    few: { type: "boolean", default: false },
  },
});
const merges = Number(values.merges);
const kills = Number(values.kills);
const seed = Number(values.seed);
const layout = values.few ? wayApart : apart;
const tell = (line: string) => void process.stdout.write(`${line}\n`);

tell(`seed ${values.seed}: ${values.merges} merges, ${values.kills} kills`);
const dataDir = mkdtempSync(join(tmpdir(), "casewire-drill-"));
const servers = await startServers({ dataDir, log: () => undefined });
try {
  const system = await startSystem(servers, layout(Number(values.replicas)));
  const keeper = keep(system, servers);
  const began = Date.now();
  try {
    const cast = new Cast(system, await makeInbox(system), seed);
    const { told } = cast;
    const desk = values.of === "cases" ? new Desk(cast, seed + 2) : undefined;
    const stage = desk ?? cast;
    await many(8, merges + 10, () => stage.arrive());
    const draw = chance(seed + 1);
    const victims: string[] = [];
    let merging = true;
    const writing = Array.from({ length: Number(values.writers) }, async () => {
      while (merging) await stage.writeAgain();
    });
    await many(Number(values.mergers), merges, async (done) => {
      if (done > (victims.length * merges) / kills && victims.length < kills) {
        victims.push(await keeper.killOne(draw));
      }
      await stage.mergeTwo();
    });
    merging = false;
    await Promise.all(writing);
    await desk?.writeToAll();
    // the addresses of all lead to whom they were told to belong
    for (const group of told.groups) {
      for (const address of group.addresses) {
        const { customerId } = await cast.write(address);
        if (customerId !== group.customerId) told.wrong.push(`${address} reached ${customerId}`);
      }
    }
    tell(`killed: ${victims.join(", ")}`);
    const namespace = String(system.environment["NAMESPACE"]);
    await atRest(servers.mongodbUrl, namespace);
    const faults = desk
      ? await caseFaultsOf(desk, told.acknowledged, servers.mongodbUrl, namespace)
      : await faultsOf(told, servers.mongodbUrl, namespace);
    tell(
      `${String(told.acknowledged.size)} messages, ${String((desk ?? told).merges.length)} merges in ${String(Math.round((Date.now() - began) / 1000))} s`,
    );
    for (const fault of faults.slice(0, 20)) tell(`  ${fault}`);
    tell(`faults ${String(faults.length)}`);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await keeper.stop();
  }
} finally {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Does something so many times, some of them at once. */
async function many(
  atOnce: number,
  times: number,
  work: (done: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const loop = async () => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
}

/** Every message is filed, every event published, every merge done, and nothing left behind. */
async function atRest(url: string, namespace: string): Promise<void> {
  const client = await new MongoClient(url).connect();
  const count = (service: string, name: string, filter: object) =>
    client.db(`${namespace}_${service}`).collection(name).countDocuments(filter);
  const left = async () => {
    const gone = await client
      .db(`${namespace}_customers`)
      .collection("merges")
      .distinct("absorbedId");
    const counts = await Promise.all([
      count("channels", "interactions", { state: "received" }),
      count("customers", "merges", { state: "moving" }),
      count("cases", "merges", { state: "moving" }),
      ...["channels", "cases", "customers", "files"].map((one) =>
        count(one, "outbox", { pending: true }),
      ),
      count("cases", "cases", { customerId: { $in: gone } }),
      count("channels", "interactions", { customerId: { $in: gone } }),
    ]);
    return counts.reduce((sum, one) => sum + one, 0);
  };
  try {
    await until(async () => (await left()) === 0, { withinMs: 180_000, everyMs: 500 }).catch(() => {
      tell("not everything came to rest"); // the checker says what
    });
  } finally {
    await client.close();
  }
}
