/** Loaded into a node that is measured: on SIGUSR2 it collects its garbage and says what is left. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const folder = process.env.LIVE_HEAP;
if (folder && process.env.SERVICES) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  process.on("SIGUSR2", () => {
    collect();
    writeFileSync(join(folder, String(process.pid)), String(process.memoryUsage().heapUsed));
  });
}
