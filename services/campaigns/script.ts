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
    return { ...(await store.getScript(id)), version };
  },

  setScript(ctx) {
    const { html, ...changing } = ctx.params;
    const clean = cleanScript(html);
    return changeBeside(ctx, changing, {
      read: store.getScript,
      decide: () => ({ html: clean }),
      keep: store.setScript,
      tell: told.scriptSet,
    });
  },
};
