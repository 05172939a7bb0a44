/** The dashboard of a customer: what cases and channels count, put together (F055-F058). */
import { invalidField } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { campaignNames } from "#shared/neighbours.ts";
import type { Asked } from "./asked.ts";
import * as store from "./customers.store.ts";
import { identify } from "./merges.store.ts";
import { campaignsIn, dashboardOf } from "./dashboard.rules.ts";

/** A neighbour that takes longer counts as away: the others' part is to arrive in time. */
const partTimeoutMs = 2_500;

export const dashboard = {
  /** @throws 404 NOT_FOUND · 422 at `to` where it is before `from` */
  async dashboard(ctx: Asked<"dashboard">) {
    const { id, ...filters } = ctx.params;
    if (filters.from && filters.to && filters.to < filters.from) {
      throw invalidField("to", "must not be before from", "range");
    }
    const { id: customerId } = await store.get(id);
    const [identity] = await identify([id]);
    const formerIds = identity?.sharing.filter((one) => one !== id) ?? [];
    const asked = { customerId, ...(formerIds.length > 0 ? { formerIds } : {}), ...filters };

    const [cases, interactions] = await Promise.all([
      ifThere(ctx.call("cases.countsOf", asked, { timeout: partTimeoutMs })),
      ifThere(ctx.call("channels.countsOf", asked, { timeout: partTimeoutMs })),
    ]);
    const names = await campaignNames(ctx, campaignsIn({ cases, interactions }));

    return dashboardOf({ cases, interactions, names });
  },
};

async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return undefined;
  }
}
