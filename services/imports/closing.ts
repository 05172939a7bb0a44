/** Closing what is open in the campaign, so that only the file's cases are worked (F113, F220, D15). */
import type { Caller, Meta } from "#shared/bus.ts";
import { isRefusal } from "#shared/errors.ts";
import * as store from "./imports.store.ts";
import type { KeptImport } from "./tables.store.ts";

const lookMs = 500;

/**
 * Begins the job that closes them, or looks how far it has got. Only cases are meant that were there
 * when the dry run counted them.
 * @param caller its command begins one job, however often
 */
export async function close(caller: Caller & { meta: Meta }, one: KeptImport): Promise<void> {
  const { closingJobId, campaignId, checkedAt, counts, progress } = one;
  const dueAt = new Date(Date.now() + lookMs);
  if (!closingJobId) {
    const filter = { campaignId: [campaignId], ...(checkedAt ? { createdTo: checkedAt } : {}) };
    const job = await caller.call("cases.bulkClose", { filter });
    await store.advance(one, { closingJobId: job.id, dueAt, tried: 0 });
    return;
  }
  const { state, done } = await caller.call("cases.getBulkJob", { id: closingJobId });
  const isOver = state === "done" || state === "cancelled";
  await store.advance(one, {
    counts: { ...counts, casesClosed: done },
    ...(isOver ? { progress: { ...progress, phase: "importing" }, dueAt: new Date() } : { dueAt }),
    tried: 0,
  });
}

/** Leaves open what is not closed yet. */
export async function stopClosing(caller: Caller, one: KeptImport): Promise<void> {
  if (!one.closingJobId || one.progress.phase !== "closing") return;
  await caller.call("cases.cancelBulkJob", { id: one.closingJobId }).catch((error: unknown) => {
    if (!isRefusal(error) || error.type !== "NOT_FOUND") throw error;
  });
}
