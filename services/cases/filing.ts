/** The action `cases.file`: messages in, cases out; one bad message never fails its neighbours. */
import type { Logger } from "moleculer";
import type { Ctx } from "#shared/bus.ts";
import type { Filed, Filing } from "#shared/contracts/cases.ts";
import { faultOf } from "#shared/events/lease.ts";
import { isAbsence, isPassing } from "#shared/faults.ts";
import { fileAll } from "./filing.store.ts";

/** Files each message with its case; the answers are in the order of the filings (D01, B01). */
export function file(this: { logger: Logger }, ctx: Ctx<{ filings: Filing[] }>): Promise<Filed[]> {
  return settle(ctx.params.filings, this.logger);
}

/** Where a batch fails for a reason of its own, halves it until the culprit stands alone. */
async function settle(batch: Filing[], logger: Logger): Promise<Filed[]> {
  try {
    return await fileAll(batch, new Date());
  } catch (error) {
    const [only] = batch;
    if (isPassing(error) || isAbsence(error) || !only) throw error;
    if (batch.length === 1) {
      logger.error("A message cannot be filed", {
        interactionId: only.interactionId,
        ...faultOf(error),
      });
      return [{ interactionId: only.interactionId, isNew: false, fault: "It cannot be filed" }];
    }
    const middle = Math.ceil(batch.length / 2);
    const first = await settle(batch.slice(0, middle), logger);
    return [...first, ...(await settle(batch.slice(middle), logger))];
  }
}
