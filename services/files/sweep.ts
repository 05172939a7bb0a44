/** Clears away what nobody wants: unclaimed files, and bytes that a crash left behind. */
import type { Logger } from "moleculer";
import { write } from "#shared/mongo/write.ts";
import * as store from "./files.store.ts";

const dayMs = 24 * 3_600_000;
const everyMs = 10 * 60_000;
/** Files and loose contents that one pass removes at most. */
const perPass = 200;

/**
 * Removes what was left for a day. Several replicas may sweep at once: who finds a file gone, or
 * claimed meanwhile, leaves it.
 */
export async function sweep(now: Date): Promise<{ files: number; contents: number }> {
  const then = new Date(now.getTime() - dayMs);
  let removed = 0;
  for (const file of await store.unclaimedBefore(then, perPass)) {
    if (await remove(file)) removed += 1;
  }
  const loose = await store.looseSince(then, perPass);
  for (const id of loose) await store.removeContent(id);
  return { files: removed, contents: loose.length };
}

async function remove({ id, version, size }: store.KeptFile): Promise<boolean> {
  const removed = await write("files", { meta: {} }, async (tx) => {
    if (!(await store.removeUnclaimed(id, tx.session))) return false;
    tx.announce({
      event: "files.removed",
      aggregate: { kind: "file", id, version: version + 1 },
      changes: [{ field: "size", old: size, new: null }],
      data: { id },
    });
    return true;
  });
  if (removed) await store.removeContent(id);
  return removed;
}

/** Sweeps now and then until stopped; `stop` waits for the pass under way. */
export function startSweeping(logger: Logger): { stop: () => Promise<void> } {
  let pass: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    pass = pass
      .then(() => sweep(new Date()))
      .catch((error: unknown) => {
        logger.warn("Unclaimed files could not be swept", { message: (error as Error).message });
      });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await pass;
    },
  };
}
