/**
 * `npm run drill:imports -- --rows 50000 --kills 20 --seed 7`: a workbook is imported while processes
 * are killed at random; afterwards every row is exactly once done or rejected (P6).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { until } from "#shared/testing/until.ts";
import { startServers } from "../../deploy/local/servers.ts";
import { importsInto, type Shown } from "../e2e/importing.ts";
import { beside, makeInbox, startSystem } from "../system/system.ts";
import { aBook, Imported } from "./importing.ts";
import { keep } from "./keeper.ts";
import { chance } from "./random.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "50000" },
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const [rows, kills, seed] = [values.rows, values.kills, values.seed].map(Number) as [
  number,
  number,
  number,
];
const tell = (line: string) => void process.stdout.write(`${line}\n`);
const others = beside("imports", "customers", "cases");

tell(`seed ${values.seed}: ${values.rows} rows, ${values.kills} kills`);
const dataDir = mkdtempSync(join(tmpdir(), "casewire-drill-"));
const servers = await startServers({ dataDir, log: () => undefined });
try {
  const system = await startSystem(servers, [others, "imports", "imports", "customers", "cases"]);
  const database = new Imported(servers.mongodbUrl, String(system.environment["NAMESPACE"]));
  const { campaignId } = await makeInbox(system);
  const imports = importsInto(system, campaignId);
  const { bytes, bad } = await aBook(rows);
  const began = Date.now();
  const tried = await until(
    () => imports.checked(bytes, { options: { createCases: true } }).catch(() => undefined),
    { withinMs: 600_000 },
  );
  tell(`checked in ${String(Math.round((Date.now() - began) / 1000))} s`);
  await imports.ask("POST", `${tried.id}/run`, undefined, {});
  const seen = async (): Promise<Shown | undefined> => {
    const answer = await imports.ask("GET", tried.id).catch(() => undefined);
    return answer?.status === 200 ? answer.json<Shown>() : undefined;
  };
  const keeper = keep(system, servers);
  try {
    const draw = chance(seed);
    const victims: string[] = [];
    while (victims.length < kills && (await seen())?.state !== "done") {
      await pause(1_000 + draw.below(4_000));
      victims.push(await keeper.killOne(draw));
    }
    tell(`killed: ${victims.join(", ")}`);
    await until(async () => (await seen())?.state === "done", {
      ...{ withinMs: 3_600_000, everyMs: 500 },
    });
    tell(`${values.rows} rows in ${String(Math.round((Date.now() - began) / 1000))} s`);
    const faults = await database.faults(tried.id, rows, bad);
    for (const fault of faults.slice(0, 20)) tell(`  ${fault}`);
    tell(`faults ${String(faults.length)}`);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await keeper.stop();
    await database.close();
  }
} finally {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
