/** Work goes back to the queue: of who vanished, was disabled or is off the campaign (B10). */
import { system } from "#shared/actor.ts";
import { write } from "#shared/mongo/write.ts";
import { dueForRelease, holdRelease, type Due } from "./agents.store.ts";
import { handOver, openCasesWith } from "./assigning.store.ts";

const atOnce = 100;

/** Gives back what is due, a part at a time; answers how many cases. */
export async function releaseDue(now: Date): Promise<number> {
  let released = 0;
  for (const due of await dueForRelease(now)) {
    for (let part = atOnce; part === atOnce; released += part) part = await releaseSome(due);
  }
  return released;
}

/** Gives back some cases and, with the last of them, remembers that all is done. */
const releaseSome = (due: Due): Promise<number> =>
  write("cases", { meta: { actor: system } }, async (tx) => {
    const { userId, campaignId } = due;
    const held = await openCasesWith(userId, { campaignId, limit: atOnce }, tx.session);
    if (!(await holdRelease(due, held.length < atOnce, tx.session))) return 0; // came back

    const handovers = held.map((kase) => ({
      ...{ kase, assigneeId: undefined, how: "release" as const },
    }));
    await handOver(tx, handovers, { at: new Date(), by: system.id });
    return held.length;
  });
