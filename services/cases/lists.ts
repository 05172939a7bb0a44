/** Lists of cases, how many there are behind each filter, flags and tags (F120, F127, F131, F132, G03). */
import type { Caller, Contracts, Ctx, Meta, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { isAbsence } from "#shared/faults.ts";
import { countersIn } from "./counters.store.ts";
import { editSeen, seenBy } from "./editing.ts";
import { withFlag } from "./changing.rules.ts";
import { campaignsOf, needsCurrent, withDue, type Params } from "./lists.rules.ts";
import { casesOfInteraction } from "./of-interaction.store.ts";
import { listSeen } from "./of-customer.ts";
import { sightOf, type Sight } from "./scopes.ts";
import { soughtIn } from "./search.rules.ts";
import { mostUsed, tagged } from "./tags.rules.ts";
import { countTags } from "./tags.store.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const lists = {
  async list(ctx: Asked<"list">) {
    const { q, interactionId, ...asked } = ctx.params;
    const sought = q === undefined ? {} : { sought: soughtIn(q) };
    const sight = await sightOf(ctx);
    const { campaignId: _named, ...others } = withDue(asked, new Date());
    const campaigns = await named(ctx, ctx.params, sight);
    const those = interactionId ? { ids: await casesOfInteraction(interactionId) } : {};
    const page = await listSeen(ctx, { ...others, ...campaigns, ...sought, ...those }, sight);

    return { ...page, items: page.items.map(sight.shown) };
  },

  async counters(ctx: Asked<"counters">) {
    const sight = await sightOf(ctx);
    const campaigns = await named(ctx, ctx.params, sight);

    return countersIn(campaigns, sight, new Date());
  },

  async listTags(ctx: Asked<"listTags">) {
    const sight = await sightOf(ctx);
    const { campaignId, ...search } = ctx.params;
    const campaigns = await named(ctx, campaignId ? { campaignId } : {}, sight);
    const { counted, isComplete } = await countTags(campaigns, sight);

    return { items: mostUsed(counted, search), isComplete };
  },

  /**
   * Adds tags to an open case, and takes others off; doing so again is as once.
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED; 422 VALIDATION_ERROR at `add`
   */
  async tag(ctx: Asked<"tag">): Promise<Case> {
    const { id, ...tags } = ctx.params;
    const seen = await seenBy(ctx, id);

    return editSeen(ctx, seen, undefined, (current) => tagged(current, tags));
  },

  /**
   * Flags an open case, or takes its flag off; doing so again is as once.
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED
   */
  async flag(ctx: Asked<"flag">): Promise<Case> {
    const { id, flagged } = ctx.params;
    const seen = await seenBy(ctx, id);

    return editSeen(ctx, seen, undefined, (current, _tx, stamp) =>
      withFlag(current, flagged, stamp),
    );
  },
};

/** The campaigns that are asked for, or the one that the user works in (G03). */
async function named(
  ctx: Caller & { meta: Meta },
  asked: Pick<Params, "campaignId" | "customerId" | "interactionId" | "q">,
  sight: Sight,
): Promise<{ campaignId?: string[] }> {
  const current = needsCurrent(asked) ? await currentCampaign(ctx, sight) : undefined;
  const campaignId = campaignsOf(asked, current);
  return campaignId ? { campaignId } : {};
}

/** None while it cannot be asked for, nor where the user has no part in it any more. */
async function currentCampaign(ctx: Caller, { campaignIds }: Sight): Promise<string | undefined> {
  try {
    const { currentCampaignId: id } = await ctx.call("identity.me");
    return id !== undefined && (campaignIds?.includes(id) ?? true) ? id : undefined;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
