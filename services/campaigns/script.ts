/** The actions on a campaign's script (F201). */
import { actorOf } from "#shared/actor.ts";
import type { ActionHandlers } from "#shared/service.ts";
import * as campaigns from "./campaigns.store.ts";
import { changeBeside, told } from "./changing.ts";
import { cleanScript } from "./script.rules.ts";
import * as store from "./script.store.ts";

export const script: Pick<ActionHandlers<"campaigns">, "getScript" | "setScript"> = {
  async getScript(ctx) {
    const { id, version } = await campaigns.getSeen(ctx.params.id, actorOf(ctx));
    return { html: await store.getScript(id), version };
  },

  async setScript(ctx) {
    const { html, ...changing } = ctx.params;
    const clean = cleanScript(html);
    const { kept, version } = await changeBeside(ctx, changing, {
      field: "script",
      read: store.getScript,
      decide: () => clean,
      keep: store.setScript,
      tell: told.scriptSet,
    });
    return { html: kept, version };
  },
};
