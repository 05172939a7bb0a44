/** `npm run bench`: measures the product beside its raw limit, prints a table, keeps the results. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServers } from "../deploy/local/servers.ts";
import { benchIntake, heading } from "./intake.ts";
import { benchRouting } from "./routing.ts";
import { soak } from "./soak.ts";

const { values, positionals } = parseArgs({
  options: {
    /**
     * `npm run bench -- soak --messages 100000`: only whether memory stays flat.
     * `npm run bench -- routing --seconds 6`: only how fast cases are assigned.
     */
    messages: { type: "string", default: "100000" },
    seconds: { type: "string", default: "6" },
    concurrency: { type: "string", default: "1,16,64,256" },
    replicas: { type: "string", default: "1,2" },
  },
  allowPositionals: true,
});
const numbers = (list: string) => list.split(",").map(Number);
const tell = (line: string) => void process.stdout.write(`${line}\n`);

const dataDir = mkdtempSync(join(tmpdir(), "casewire-bench-"));
const servers = await startServers({ dataDir, log: tell, mongodCacheGb: 2 });
try {
  if (positionals.includes("routing")) await routing();
  else if (positionals.includes("soak")) await soak(servers, Number(values.messages), tell);
  else await intake();
} finally {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function routing(): Promise<void> {
  process.env["MONGODB_URL"] = servers.mongodbUrl; // before anything reads the settings
  await benchRouting(Number(values.seconds), tell);
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
  mkdirSync("bench", { recursive: true });
  const machine = { cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30) };
  writeFileSync("bench/results.json", JSON.stringify({ machine, at: new Date(), rows }, null, 2));
}
