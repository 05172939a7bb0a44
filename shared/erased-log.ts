/** Blanks the change log of what was erased (B08). */
import { system } from "./actor.ts";
import type { Caller } from "./bus.ts";

/** All entries about these aggregates: how many there are, and how many still held a value. */
export async function eraseLogOf(
  audit: Caller,
  aggregateIds: string[],
): Promise<{ found: number; changed: number }> {
  const log = { found: 0, changed: 0 };
  if (aggregateIds.length === 0) return log;
  for (let after: string | null | undefined; after !== null;) {
    const asked = { aggregateIds, ...(after ? { cursor: after } : {}) };
    const blanked = await audit.call("audit.eraseValues", asked, { meta: { actor: system } });
    log.found += blanked.found;
    log.changed += blanked.changed;
    after = blanked.nextCursor;
  }
  return log;
}
