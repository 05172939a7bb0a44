/** The rules log: of a case, and of a rule; and what e-mails of rules say (F118, F119). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import * as store from "./executions.store.ts";

type Actions = Contracts["automation"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const ruleLog = {
  /** @throws 404 NOT_FOUND; 308 MOVED where the case was merged */
  async ofCase(ctx: Asked<"ofCase">) {
    const { id: idOrNumber, ...asked } = ctx.params;
    const { id, formerIds = [] } = await ctx.call("cases.access", { id: idOrNumber });
    return store.page({ caseIds: [id, ...formerIds] }, asked);
  },

  ofRule({ params: { id: ruleId, ...asked } }: Asked<"ofRule">) {
    return store.page({ ruleId }, asked);
  },

  async composeMail({ params: { executionId, place } }: Asked<"composeMail">) {
    const execution = await store.find(executionId);
    const { subject, text } = execution?.actions[place] ?? {};
    return subject === undefined || text === undefined ? null : { subject, text };
  },
};
