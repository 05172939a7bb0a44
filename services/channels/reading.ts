/** The actions by which interactions are read: one, or the conversation of a case. */
import { actorOf } from "#shared/actor.ts";
import type { Ctx } from "#shared/bus.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { isRefusal, notFound } from "#shared/errors.ts";
import { shownHtml } from "./html.rules.ts";
import * as store from "./interactions.store.ts";

export const reading = {
  /**
   * One interaction: for who may see its case, and for the connector that posted it.
   * @throws 404 NOT_FOUND for all others
   */
  async getInteraction(ctx: Ctx<{ id: string }>): Promise<Interaction> {
    const found = await store.get(ctx.params.id);
    await mayRead(ctx, found);
    return shown(found);
  },

  /** A page of a case's interactions; whoever asks has checked who may see the case. */
  async conversation(
    ctx: Ctx<{ caseId: string; channelId?: string; limit: number; cursor?: string }>,
  ) {
    const page = await store.conversation(ctx.params);
    return { ...page, items: page.items.map(shown) };
  },
};

async function mayRead(ctx: Ctx<{ id: string }>, found: Interaction): Promise<void> {
  const actor = actorOf(ctx);
  const refused = notFound("interaction", found.id);
  if (actor.kind === "system" || actor.role === "administrator") return;
  if (actor.kind === "connector") {
    if (actor.channelId === found.channelId) return;
    throw refused;
  }
  if (found.caseId) {
    try {
      await ctx.call("cases.access", { id: found.caseId });
    } catch (error) {
      if (isRefusal(error) && error.code === 404) throw refused;
      throw error;
    }
    return;
  }
  const scopes = await ctx.call("campaigns.scopesOf", { userId: actor.id });
  const supervises = scopes.some(
    (scope) => scope.campaignId === found.campaignId && scope.as === "supervisor",
  );
  if (!supervises) throw refused;
}

/** As readers get it: HTML sanitised, nothing of how it is kept. */
function shown(kept: store.KeptInteraction): Interaction {
  const { isNewCase: _case, isNewCustomer: _customer, html, ...interaction } = kept;
  return html === undefined ? interaction : { ...interaction, html: shownHtml(html) };
}
