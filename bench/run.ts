/** `npm run bench`: measures the product beside its raw limit, prints a table, keeps the results. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServers } from "../deploy/local/servers.ts";
import { benchIntake, heading } from "./intake.ts";
import { benchSimilar, seeds } from "./similar.ts";
import { estimateWeights } from "./similar-weights.ts";
import { soak } from "./soak.ts";
import { population } from "../tests/people/population.ts";

const { values, positionals } = parseArgs({
  options: {
    /** `npm run bench -- soak --messages 100000`: only whether memory stays flat. */
    messages: { type: "string", default: "100000" },
    seconds: { type: "string", default: "6" },
    concurrency: { type: "string", default: "1,16,64,256" },
    replicas: { type: "string", default: "1,2" },
    /** `npm run bench -- similar --customers 1000000 --people 1000`, or with `--estimate`. */
    customers: { type: "string", default: "20000" },
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

const dataDir = mkdtempSync(join(tmpdir(), "casewire-bench-"));
const servers = await startServers({ dataDir, log: tell, mongodCacheGb: 2 });
try {
  if (positionals.includes("soak")) await soak(servers, Number(values.messages), tell);
  else if (positionals.includes("similar")) await similar();
  else await intake();
} finally {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function similar(): Promise<void> {
  const wanted = {
    customers: Number(values.customers),
    people: Number(values.people),
    seconds: Number(values.seconds),
  };
  keep("bench/results-similar.json", await benchSimilar(servers, wanted, tell));
}

async function intake(): Promise<void> {
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
  keep("bench/results.json", { rows });
}

function keep(file: string, results: object): void {
  mkdirSync("bench", { recursive: true });
  const machine = { cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30) };
  writeFileSync(file, JSON.stringify({ machine, at: new Date(), ...results }, null, 2));
}
