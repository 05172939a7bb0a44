/** The actions by which users send messages, and have calls made, from a case (F146-F160). */
import { actorOf } from "#shared/actor.ts";
import type { Answer, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Channel } from "#shared/contracts/channels.ts";
import type { Wish } from "#shared/contracts/channels/sending.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { invalidField, notFound, notYours } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { messageIdOf } from "#shared/mail/mailer.ts";
import { firstAnswer, write } from "#shared/mongo/write.ts";
import { capabilitiesOf } from "./channel-types.rules.ts";
import { describeChannels } from "./channels.store.ts";
import * as composing from "./composing.rules.ts";
import { requireResendable } from "./delivery.rules.ts";
import { hasMailServer, ownAddress } from "./mailing.ts";
import * as store from "./outgoing.store.ts";
import { tellResent } from "./progress.ts";
import { shown } from "./reading.ts";
import { fittingPoints, othersFound, requireReached } from "./recipients.ts";
import * as rules from "./sending.rules.ts";
import { file } from "./sent-filing.ts";
import type { KeptInteraction } from "./tables.store.ts";

type Actions = Contracts["channels"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;
type Kase = Answer<"cases.sendable">;
type Campaign = Answer<"campaigns.describe">;

/**
 * Each refuses a case that is not seen (404), that is only read in another campaign (403 READ_ONLY),
 * or that is closed (409 CASE_CLOSED).
 */
export const sending = {
  async listOutboundChannels(ctx: Asked<"listOutboundChannels">) {
    const kase = await ctx.call("cases.sendable", { id: ctx.params.id });
    const campaign = await ctx.call("campaigns.describe", { id: kase.campaignId });
    const all = await describeChannels(campaign.channelIds);
    const offered = rules.offered(all, campaign, actorOf(ctx), means());
    const points = await fittingPoints(ctx, kase.customerId);
    const items = offered.map(({ id, name, type, address }) => {
      const capabilities = capabilitiesOf(type);
      const contactPoints = points.filter((one) =>
        capabilities.contactPointTypes.includes(one.type),
      );
      return { id, name, type, ...(address ? { address } : {}), capabilities, contactPoints };
    });
    return { items, allowOtherContactPoints: campaign.options.allowOtherContactPoints };
  },

  /** @throws 403 FORBIDDEN where the campaign does not allow it; what `send` refuses a channel by */
  async findOtherContactPoints(ctx: Asked<"findOtherContactPoints">) {
    const { id, channelId, q, limit } = ctx.params;
    const kase = await ctx.call("cases.sendable", { id });
    const { channel, campaign } = await channelFor(ctx, kase, channelId);
    if (!campaign.options.allowOtherContactPoints) {
      throw notYours("The campaign does not allow contact points of others");
    }
    return { items: await othersFound(ctx, kase.customerId, channel, { q, limit }) };
  },

  /**
   * @throws 403 FORBIDDEN; 409 CHANNEL_NOT_SENDING, CONTACT_POINT_BLOCKED; 422 naming what does not
   *   fit the channel
   */
  async send(ctx: Asked<"send">): Promise<Interaction> {
    const before = await firstAnswer<{ id: string }>("channels", ctx);
    const { id } = before ?? (await keep(ctx));
    return shown(await file(ctx, id));
  },

  /** @throws 404 NOT_FOUND; 409 INTERACTION_NOT_RESENDABLE, CHANNEL_NOT_SENDING */
  async resend(ctx: Asked<"resend">): Promise<Interaction> {
    const { id } = ctx.params;
    const sent = await store.interactionOf(id);
    if (!sent?.caseId) throw notFound("interaction", id);
    const kase = await ctx.call("cases.sendable", { id: sent.caseId });
    const { channel } = await channelFor(ctx, kase, sent.channelId);
    return write("channels", ctx, async (tx) => {
      const current = (await store.interactionOf(id, tx.session)) as KeptInteraction;
      requireResendable(current);
      const { caseId = "", channelId } = current;
      await store.requeue({ id, caseId, channelId, by: carrierOf(channel) }, tx.session);
      await tellResent(tx, current);
      const { failure: _past, ...rest } = current;
      return shown({ ...rest, state: "queued" });
    });
  },
};

const means = (): rules.Means => ({ hasMailServer: hasMailServer() });

const carrierOf = ({ type }: Channel) => (type === "email" ? "mail" : "connector");

/** The channel that the user may send by, and its campaign. */
async function channelFor(
  ctx: Ctx,
  kase: Kase,
  channelId: string,
): Promise<{ channel: Channel; campaign: Campaign }> {
  const campaign = await ctx.call("campaigns.describe", { id: kase.campaignId });
  const [found] = await describeChannels([channelId]);
  return { channel: rules.requireOffered(found, campaign, actorOf(ctx), means()), campaign };
}

/** Keeps what is to be sent, once everything that it needs has been asked. */
async function keep(ctx: Asked<"send">): Promise<{ id: string }> {
  const { id: caseId, ...wish } = ctx.params;
  const kase = await ctx.call("cases.sendable", { id: caseId });
  const { channel, campaign } = await channelFor(ctx, kase, wish.channelId);
  rules.requireFitting(wish, capabilitiesOf(channel.type));
  const sent = await composed(ctx, wish, { kase, channel, campaign });
  const place = { caseId: kase.id, by: carrierOf(channel) } as const;
  return write("channels", ctx, async ({ session }) => {
    await store.add(sent, place, session);
    return { id: sent.id };
  });
}

interface From {
  kase: Kase;
  channel: Channel;
  campaign: Campaign;
}

/** What is to be sent, as its neighbours fill it in. */
async function composed(ctx: Ctx, wish: Wish, { kase, channel, campaign }: From) {
  const { attachmentIds = [] } = wish;
  const { id: campaignId, options } = campaign;
  const { customerId } = kase;
  const can = capabilitiesOf(channel.type);
  const allowOthers = options.allowOtherContactPoints;
  const [recipients, signature, files, former] = await Promise.all([
    requireReached(ctx, { wish, channel, can, allowOthers, customerId }),
    wish.addSignature ? signatureOf(ctx) : undefined,
    filesFor(ctx, kase, attachmentIds),
    answeredBy(kase, wish),
  ]);
  rules.requireCarried(attachmentIds, files, can);
  const words = composing.wordsOf(wish, signature);
  rules.requireLength(words, can);
  const sent = composing.sentInteraction(wish, {
    ...{ id: newId(), at: new Date(), author: actorOf(ctx).id, channel, campaignId, customerId },
    ...{ from: addressOf(channel), recipients, words, files, answered: former?.externalId },
    subject: composing.subjectOf(wish, channel, former?.subject),
  });
  if (channel.type !== "email") return sent;
  return { ...sent, externalId: messageIdOf(sent.id, sent.from.value) };
}

const addressOf = ({ type, address, name }: Channel): string =>
  type === "email" ? ownAddress(address) : (address ?? name);

const signatureOf = async (ctx: Ctx): Promise<string | undefined> =>
  (await ctx.call("identity.me")).signature;

async function filesFor(ctx: Ctx, { id, formerIds = [] }: Kase, ids: string[]) {
  if (ids.length === 0) return [];
  return ctx.call("files.describe", { ids, caseIds: [id, ...formerIds] });
}

/** @throws 422 at `inReplyTo` for what is not in the case's conversation */
async function answeredBy(
  { id: caseId }: Kase,
  { channelId, inReplyTo }: { channelId: string; inReplyTo?: string },
): Promise<KeptInteraction | undefined> {
  const found = await store.answered({ caseId, channelId }, inReplyTo);
  if (inReplyTo && !found) {
    throw invalidField("inReplyTo", "is not in the case's conversation", "unknown");
  }
  return found;
}
