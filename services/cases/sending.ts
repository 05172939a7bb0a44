/** What users send from a case gets its place in the conversation (F146, F160, F163). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { SentFiled } from "#shared/contracts/cases/sending.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import * as cases from "./cases.store.ts";
import { clearDraft } from "./drafts.ts";
import { keepChanged, seenBy } from "./editing.ts";
import * as life from "./life.rules.ts";
import * as store from "./sending.store.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const sending = {
  /** @throws 403 READ_ONLY; 404 NOT_FOUND; 308 MOVED; 409 CASE_CLOSED */
  async sendable(ctx: Asked<"sendable">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    life.requireOpen(kase);
    const { id, number, campaignId, customerId, subject, absorbed } = kase;
    const formerIds = absorbed?.map((one) => one.id);
    return {
      ...{ id, number, campaignId, customerId },
      ...(subject === undefined ? {} : { subject }),
      ...(formerIds ? { formerIds } : {}),
    };
  },

  /** @throws 404 NOT_FOUND; 409 CASE_CLOSED */
  async fileSent(ctx: Asked<"fileSent">): Promise<SentFiled> {
    try {
      return await fileOnce(ctx, ctx.params.takesAnswers);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // filed a moment ago, or another case came to stand where the answers go
      return fileOnce(ctx, false);
    }
  },
};

/** Whether the user may see the case was asked before the message was kept. */
const everything = {};

const fileOnce = (ctx: Asked<"fileSent">, takesAnswers: boolean): Promise<SentFiled> => {
  const { interactionId, caseId, channelId, channelCampaignId, author, at, preview } = ctx.params;
  return write("cases", ctx, async (tx) => {
    const { session } = tx;
    const before = await store.find(interactionId, session);
    const kase = await cases.getLedTo(before?.caseId ?? caseId, everything, session);
    const { number, customerId, campaignId } = kase;
    if (before) return { ...before, number, customerId, campaignId };

    life.requireOpen(kase);
    const opened = life.actedOn(kase);
    if (opened !== kase) {
      const stamp = { at: new Date(), by: actorOf(ctx).id };
      await keepChanged(tx, [{ before: kase, after: life.stamped(opened, stamp) }]);
    }
    const sent = { id: interactionId, channelId, direction: "outbound" as const, preview, at };
    const seq = await store.add(kase, sent, session);
    if (takesAnswers) {
      await store.takeAnswers(kase, { channelId, campaignId: channelCampaignId }, session);
    }
    await clearDraft(author, kase.id, "message", session);
    return { caseId: kase.id, number, seq, customerId, campaignId };
  });
};
