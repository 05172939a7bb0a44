/** The action `cases.file`: messages in, cases out; one bad message never fails its neighbours. */
import type { Logger } from "moleculer";
import type { Caller, Ctx } from "#shared/bus.ts";
import type { Filed, Filing } from "#shared/contracts/cases.ts";
import { unavailable } from "#shared/errors.ts";
import { faultOf } from "#shared/events/lease.ts";
import { isAbsence, isPassing } from "#shared/faults.ts";
import { forwarded, type Survivor } from "./filing.rules.ts";
import { Forwarded } from "./filing-writes.store.ts";
import { fileAll } from "./filing.store.ts";
import { wakeRouter } from "./router.ts";

/** Files each message with its case; the answers are in the order of the filings (D01, B01). */
export async function file(
  this: { logger: Logger },
  ctx: Ctx<{ filings: Filing[] }>,
): Promise<Filed[]> {
  const filed = await settle(ctx.params.filings, this.logger, ctx);
  if (filed.some(({ isNew }) => isNew)) wakeRouter();
  return filed;
}

/** A survivor may be merged in its turn while we file. */
const mostMerges = 10;

/** Files for the survivors what names customers that have been merged (F042). */
async function fileCurrent(batch: Filing[], caller: Caller, tried = 0): Promise<Filed[]> {
  try {
    return await fileAll(batch, new Date());
  } catch (error) {
    if (!(error instanceof Forwarded)) throw error;
    if (tried === mostMerges) throw unavailable("A customer is being merged again and again");
    const found = await caller.call("customers.describe", { ids: [...error.into.values()] });
    const survivors = new Map<string, Survivor>(found.map((one) => [one.id, one]));
    const current = batch.map((filing) => {
      const id = error.into.get(filing.customerId);
      return id ? forwarded(filing, survivors.get(id) ?? { id }) : filing;
    });
    const filed = await fileCurrent(current, caller, tried + 1);
    return filed.map((one, index) => {
      const customerId = current[index]?.customerId;
      const isOther = customerId && customerId !== batch[index]?.customerId;
      return isOther ? { customerId, ...one } : one;
    });
  }
}

/** Where a batch fails for a reason of its own, halves it until the culprit stands alone. */
async function settle(batch: Filing[], logger: Logger, caller: Caller): Promise<Filed[]> {
  try {
    return await fileCurrent(batch, caller);
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
    const first = await settle(batch.slice(0, middle), logger, caller);
    return [...first, ...(await settle(batch.slice(middle), logger, caller))];
  }
}
