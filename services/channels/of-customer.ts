/** The actions on the interactions of one customer, over all cases that the user may read. */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { idsOfCustomer, readableCases } from "#shared/neighbours.ts";
import { describeChannels } from "./channels.store.ts";
import { countsOf, type Channels } from "./counts.rules.ts";
import * as store from "./of-customer.store.ts";
import { shown } from "./reading.ts";

type Actions = Contracts["channels"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const ofCustomer = {
  /** @throws 404 NOT_FOUND where there is no such customer, 308 MOVED where it was merged */
  async listOfCustomer(ctx: Asked<"listOfCustomer">) {
    const numbers = new Map<string, number>();
    const { id: customerId, ...paging } = ctx.params;
    const ids = await idsOfCustomer(ctx, customerId);
    const page = await store.listOfCustomer({ ids, ...paging }, async (caseIds) => {
      const readable = await readableCases(ctx, caseIds);
      for (const { id, number } of readable.values()) numbers.set(id, number);
      return new Set(readable.keys());
    });

    const items = page.items.map((kept) => {
      const caseNumber = numbers.get(kept.caseId ?? "");
      return { ...shown(kept), ...(caseNumber ? { caseNumber } : {}) };
    });
    return { ...page, items };
  },

  async countsOf(ctx: Asked<"countsOf">) {
    const { campaignId, ...request } = ctx.params;
    const { groups, isComplete } = await store.countByCase(request);
    const readable = await readableCases(
      ctx,
      groups.map(({ caseId }) => caseId),
    );
    const ids = [...new Set(groups.map(({ channelId }) => channelId))];
    const channels: Channels = new Map(
      (await describeChannels(ids)).map((channel) => [channel.id, channel]),
    );

    return countsOf({ groups, isComplete, readable, channels, campaignId });
  },
};
