/** The actions on a campaign's additional tabs (F202, F203). */
import { actorOf } from "#shared/actor.ts";
import { newId } from "#shared/ids.ts";
import type { TabDraft } from "#shared/contracts/campaigns/tabs.ts";
import { hostsInside, leadsInside } from "#shared/public-addresses.ts";
import type { ActionHandlers } from "#shared/service.ts";
import * as campaigns from "./campaigns.store.ts";
import { changeBeside, told } from "./changing.ts";
import * as rules from "./tabs.rules.ts";
import * as store from "./tabs.store.ts";

export const tabs: Pick<ActionHandlers<"campaigns">, "getTabs" | "setTabs"> = {
  async getTabs(ctx) {
    const { id, version } = await campaigns.getSeen(ctx.params.id, actorOf(ctx));
    return { items: await store.getTabs(id), version };
  },

  async setTabs(ctx) {
    const { items, ...changing } = ctx.params;
    await campaigns.get(changing.id);
    await requirePublic(items);
    const { kept, version } = await changeBeside(ctx, changing, {
      field: "tabs",
      read: store.getTabs,
      decide: (current) => rules.tabs(current, items, { newId, inside: hostsInside() }),
      keep: store.setTabs,
      tell: told.tabsSet,
    });
    return { items: kept, version };
  },
};

/** @throws 422 at the address of each tab whose host leads, by DNS, to an address inside */
async function requirePublic(drafts: readonly TabDraft[]): Promise<void> {
  const places = await Promise.all(
    [...rules.hostsOf(drafts, hostsInside())].map(async ([host, tabs]) =>
      (await leadsInside(host)) ? tabs : [],
    ),
  );
  rules.refuseInside(places.flat().sort((one, other) => one - other));
}
