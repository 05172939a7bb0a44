/** What a customer lacks, for those whose work needs it (F111, D07). */
import type { Asked } from "./asked.ts";
import { missingIn } from "./completeness.rules.ts";
import * as store from "./customers.store.ts";
import { survivorOf } from "./merges.store.ts";

export const completeness = {
  async missingOf(ctx: Asked<"missingOf">) {
    const { id, fields } = ctx.params;
    const [found] = await store.describe([(await survivorOf(id)) ?? id]);
    return { missing: found ? missingIn(found, fields) : [] };
  },
};
