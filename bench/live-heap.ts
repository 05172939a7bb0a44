/** What the processes under measurement hold for good: their heaps once the garbage is collected. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "#shared/testing/until.ts";
import type { Node } from "../tests/system/nodes.ts";

const probe = fileURLToPath(new URL("live-heap.mjs", import.meta.url));

export interface LiveHeaps {
  /** What the nodes have to be started with. */
  environment: NodeJS.ProcessEnv;
  /** Megabytes by services, to a tenth. */
  read: (nodes: readonly Node[]) => Promise<Record<string, number>>;
  close: () => void;
}

/** A way to ask nodes that are started with its environment. */
export function liveHeaps(): LiveHeaps {
  const folder = mkdtempSync(join(tmpdir(), "casewire-heap-"));
  return {
    environment: { NODE_OPTIONS: `--import ${probe}`, LIVE_HEAP: folder },
    async read(nodes) {
      const heaps: Record<string, number> = {};
      for (const { services, pid } of nodes) {
        const answer = join(folder, String(pid));
        rmSync(answer, { force: true });
        process.kill(pid, "SIGUSR2");
        const bytes = await until(() => Number(readFileSync(answer, "utf8")));
        heaps[services] = Math.round(bytes / 104_857.6) / 10;
      }
      return heaps;
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
