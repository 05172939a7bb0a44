/** The actions by which interactions are read: one, or the conversation of a case. */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Actor } from "#shared/contracts/common.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { isRefusal, notFound } from "#shared/errors.ts";
import { seesEverything } from "#shared/visibility.ts";
import { shownHtml } from "#shared/html.rules.ts";
import { joinedConversation } from "./joined-conversation.store.ts";
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
  async conversation(ctx: Ctx<Request<Contracts["channels"]["actions"]["conversation"]>>) {
    const { joining, ...request } = ctx.params;
    const page = await (joining
      ? joinedConversation(request, joining)
      : store.conversation(request));
    return { ...page, items: page.items.map(shown) };
  },
};

async function mayRead(ctx: Ctx<{ id: string }>, found: Interaction): Promise<void> {
  const actor = actorOf(ctx);
  const may =
    seesEverything(actor) ||
    (actor.kind === "connector"
      ? actor.channelId === found.channelId
      : await mayUserRead(ctx, actor, found));
  if (!may) throw notFound("interaction", found.id);
}

/** Who sees the case sees its messages; one that has none yet, who wrote it or supervises the campaign. */
async function mayUserRead(ctx: Ctx, actor: Actor, { caseId, campaignId, author }: Interaction) {
  if (caseId) {
    try {
      await ctx.call("cases.access", { id: caseId });
      return true;
    } catch (error) {
      if (isRefusal(error) && error.code === 404) return false;
      throw error;
    }
  }
  if (author === actor.id) return true;
  const scopes = await ctx.call("campaigns.scopesOf", { userId: actor.id });
  return scopes.some((scope) => scope.campaignId === campaignId && scope.as === "supervisor");
}

/** As readers get it: HTML sanitised, nothing of how it is kept. */
export function shown(kept: store.KeptInteraction): Interaction {
  const { isNewCase: _case, isNewCustomer: _who, senderKey: _key, ...rest } = kept;
  const { otherKeys: _keys, html, ...interaction } = rest;
  return html === undefined ? interaction : { ...interaction, html: shownHtml(html) };
}
