/**
 * `npm run bench`: measures the product beside its raw limit, prints a table, keeps the results.
 * `npm run bench -- <name>`: another measurement, of those in `benches`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServers, type Servers } from "../deploy/local/servers.ts";
import { benchCases } from "./cases.ts";
import { benchCustomers } from "./customers.ts";
import { benchIntake, heading } from "./intake.ts";
import { benchRouting } from "./routing.ts";
import { benchSimilar, seeds } from "./similar.ts";
import { estimateWeights } from "./similar-weights.ts";
import { soak } from "./soak.ts";
import { benchView } from "./view.ts";
import { population } from "../tests/people/population.ts";

const { values, positionals } = parseArgs({
  options: {
    /** `npm run bench -- soak --messages 100000`: only whether memory stays flat. */
    messages: { type: "string", default: "100000" },
    seconds: { type: "string", default: "6" },
    concurrency: { type: "string", default: "1,16,64,256" },
    /** `npm run bench -- customers --customers 1000000`: how many there are. */
    customers: { type: "string", default: "100000" },
    /** `npm run bench -- cases --cases 1000000`: how many there are. */
    cases: { type: "string", default: "1000000" },
    replicas: { type: "string", default: "1,2" },
    /** `npm run bench -- similar --customers 1000000 --people 1000`, or with `--estimate`. */
    people: { type: "string", default: "300" },
    estimate: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const numbers = (list: string) => list.split(",").map(Number);
const tell = (line: string) => void process.stdout.write(`${line}\n`);

if (values.estimate) {
  const labelled = [...population({ seed: seeds.tuning, people: 6_000, customers: 60_000 })];
  tell(JSON.stringify(estimateWeights(labelled), null, 2));
  process.exit();
}

/** What can be measured, by name. */
const benches: Record<string, (servers: Servers) => Promise<unknown>> = {
  intake,
  similar,
  async routing(servers) {
    process.env["MONGODB_URL"] = servers.mongodbUrl; // before anything reads the settings
    await benchRouting(Number(values.seconds), tell);
  },
  async view(servers) {
    keep("view", await benchView(servers, Number(values.seconds), tell));
  },
  soak: (servers) => soak(servers, Number(values.messages), tell),
  async cases(servers) {
    const wanted = { count: Number(values.cases), seconds: Number(values.seconds) };
    keep("cases", await benchCases(servers, wanted, tell));
  },
  async customers(servers) {
    keep("customers", await benchCustomers(servers, Number(values.customers), tell));
  },
};

async function similar(servers: Servers): Promise<void> {
  const wanted = {
    customers: Number(values.customers),
    people: Number(values.people),
    seconds: Number(values.seconds),
  };
  keep("similar", await benchSimilar(servers, wanted, tell));
}

const [name = "intake"] = positionals;
const bench = benches[name];
if (!bench) throw new Error(`There is no bench ${name}: ${Object.keys(benches).join(", ")}`);
const dataDir = mkdtempSync(join(tmpdir(), "casewire-bench-"));
const servers = await startServers({ dataDir, log: tell, mongodCacheGb: 2 });
try {
  await bench(servers);
} finally {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function intake(servers: Servers): Promise<void> {
  tell(heading);
  const rows = await benchIntake(
    servers,
    {
      seconds: Number(values.seconds),
      concurrencies: numbers(values.concurrency),
      replicas: numbers(values.replicas),
    },
    tell,
  );
  keep(undefined, rows);
}

/** Keeps the results of a measurement under its name; of the one without a name as the results. */
function keep(name: string | undefined, rows: unknown): void {
  mkdirSync("bench", { recursive: true });
  const machine = { cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30) };
  const file = name ? `bench/results-${name}.json` : "bench/results.json";
  writeFileSync(file, JSON.stringify({ machine, at: new Date(), rows }, null, 2));
}
