/**
 * `npm run drill:reminders -- --timers 2000 --kills 20 --seed 7`: next actions come due while
 * processes are killed at random; afterwards each was told of exactly once (P13).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { until } from "#shared/testing/until.ts";
import { startServers } from "../../deploy/local/servers.ts";
import { beside, startSystem } from "../system/system.ts";
import { keep } from "./keeper.ts";
import { chance } from "./random.ts";
import { Timers } from "./timers.ts";

const { values } = parseArgs({
  options: {
    timers: { type: "string", default: "2000" },
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    /** Over how long they come due. */
    seconds: { type: "string", default: "60" },
  },
});
const [timers, kills, seed, seconds] = [
  values.timers,
  values.kills,
  values.seed,
  values.seconds,
].map(Number) as [number, number, number, number];
const tell = (line: string) => void process.stdout.write(`${line}\n`);
const others = beside("cases");

tell(`seed ${values.seed}: ${values.timers} timers, ${values.kills} kills`);
const dataDir = mkdtempSync(join(tmpdir(), "casewire-drill-"));
const servers = await startServers({ dataDir, log: () => undefined });
try {
  const lead = { REMINDER_LEAD_MINUTES: "0" };
  const system = await startSystem(servers, [others, "cases", "cases", "cases"], lead);
  const database = new Timers(servers.mongodbUrl, String(system.environment["NAMESPACE"]));
  const keeper = keep(system, servers);
  try {
    await database.attended();
    const began = Date.now();
    const planted = await database.plant(timers, {
      from: began + 2_000,
      to: began + 2_000 + seconds * 1_000,
    });
    const draw = chance(seed);
    const victims: string[] = [];
    const everyMs = (seconds * 1_000) / kills;
    while (victims.length < kills) {
      await pause(everyMs / 2 + draw.below(everyMs));
      victims.push(await keeper.killOne(draw));
    }
    tell(`killed: ${victims.join(", ")}`);
    await until(async () => (await database.outstanding()) === 0, {
      ...{ withinMs: 120_000, everyMs: 500 },
    }).catch(() => {
      tell("not all were told of"); // the faults say which
    });
    const faults = await database.faults(planted);
    tell(`${values.timers} timers in ${String(Math.round((Date.now() - began) / 1000))} s`);
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
