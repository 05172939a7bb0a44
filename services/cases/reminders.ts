/** Reminds who has a case of its next action, once, some time before (F175, P13). */
import type { Logger } from "moleculer";
import { config } from "#shared/config.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { faultOf, holdLease, pause, type Lease } from "#shared/events/lease.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { lastOf } from "./activities.store.ts";
import { dueUntil, take } from "./reminders.store.ts";

const atOnce = 50;
const sweepMs = 1_000;

/**
 * Looks for what is due while this replica holds the lease. Two that look at once, or one that dies
 * in the middle, do no harm: a reminder is taken in one transaction with what is told of it.
 */
export const startReminders = (logger: Logger): Lease =>
  holdLease({
    service: "cases",
    role: "reminders",
    logger,
    work: async (held) => {
      let failures = 0;
      while (!held.aborted) {
        try {
          const found = await remindSome(new Date());
          failures = 0;
          if (found === atOnce) continue;
        } catch (error) {
          if (failures === 0) logger.warn("Reminders come later", faultOf(error));
          failures += 1;
        }
        await pause(sweepMs, held);
      }
    },
  });

/** Tells of some reminders that are due; answers how many were found. */
async function remindSome(now: Date): Promise<number> {
  const until = new Date(now.getTime() + config().REMINDER_LEAD_MINUTES * 60_000);
  const ids = await dueUntil(until, atOnce);
  if (ids.length === 0) return 0;
  await write("cases", { meta: {} }, async (tx) => {
    for (const kase of await take(ids, until, tx.session)) await tellOf(tx, kase);
  });
  return ids.length;
}

async function tellOf(tx: Tx<"cases">, kase: Case): Promise<void> {
  const { id, version, assigneeId: userId, nextActionAt: dueAt } = kase;
  const planned = await lastOf(id, tx.session);
  if (!userId || !dueAt || !planned) return;
  tx.announce({
    event: "cases.reminderDue",
    aggregate: { kind: "case", id, version },
    data: { id, activityId: planned.id, userId, dueAt },
  });
}
