/** Templates of messages in a case: which are offered, and one filled in (F152, G15). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { seenBy } from "./editing.ts";
import { filledTemplate } from "./templates.rules.ts";
import { factsFor } from "./variables.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** They are for who writes in the case: who may only read it gets 403 READ_ONLY (F125). */
export const templates = {
  /** @throws 422 VALIDATION_ERROR at `channelId` */
  async listTemplates(ctx: Asked<"listTemplates">) {
    const { id, ...search } = ctx.params;
    const { campaignId } = (await seenBy(ctx, id)).kase;

    return ctx.call("channels.offerTemplates", { campaignId, ...search });
  },

  /** @throws 404 NOT_FOUND for a template that is not for this case; 422 at `channelId` */
  async fillTemplate(ctx: Asked<"fillTemplate">) {
    const { id, templateId, ...purpose } = ctx.params;
    const { kase } = await seenBy(ctx, id);
    const { campaignId } = kase;
    const offered = { id: templateId, campaignId, ...purpose };
    const template = await ctx.call("channels.offeredTemplate", offered);
    const { subject, text, html } = template;
    const facts = await factsFor(ctx, kase, [subject ?? "", text, html ?? ""]);

    return filledTemplate(template, facts);
  },
};
