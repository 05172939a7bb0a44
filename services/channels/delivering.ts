/** The actions by which connectors take what is to be sent, and tell how far it came (D21, P5). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Receipt, ReceiptOutcome } from "#shared/contracts/channels/delivering.ts";
import { notFound } from "#shared/errors.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { getChannel } from "./channels.store.ts";
import { advanced } from "./delivery.rules.ts";
import * as store from "./delivery.store.ts";
import { interactionOf, isOnItsWay } from "./outgoing.store.ts";
import { keepProgress, settleBySystem } from "./progress.ts";
import { shown } from "./reading.ts";
import type { KeptInteraction } from "./tables.store.ts";

type Actions = Contracts["channels"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** How long a connector has for what it took. */
const leaseMs = 60_000;

export const delivering = {
  /** @throws 404 NOT_FOUND */
  async takeOutbound(ctx: Asked<"takeOutbound">) {
    const { id, limit } = ctx.params;
    const channel = await getChannel(id);
    const now = new Date();
    const until = new Date(now.getTime() + leaseMs);
    const leased = await store.lease(channel.id, { limit, now, until });
    const [gone, there] = [
      leased.filter(({ interaction }) => interaction.erasedAt),
      leased.filter(({ interaction }) => !interaction.erasedAt),
    ];
    for (const { interaction } of gone) await endErased(interaction.id);
    return {
      items: there.map(({ interaction, ...rest }) => ({
        interaction: shown(interaction),
        ...rest,
      })),
    };
  },

  async report(ctx: Asked<"report">): Promise<{ items: ReceiptOutcome[] }> {
    const { id: channelId, receipts } = ctx.params;
    const apply = (told: Receipt[]) =>
      write("channels", ctx, (tx) => applyAll(tx, channelId, told));
    try {
      return { items: await apply(receipts) };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // a message of that external id came in at the same moment: how far it came is still told
      return { items: await apply(receipts.map(({ externalId: _taken, ...rest }) => rest)) };
    }
  },

  /** @throws 404 NOT_FOUND */
  async openOutboundFile(ctx: Asked<"openOutboundFile">) {
    const { id: channelId, interactionId, fileId } = ctx.params;
    const sent = await interactionOf(interactionId);
    const isItsOwn =
      sent?.channelId === channelId &&
      sent.direction === "outbound" &&
      sent.seq !== undefined &&
      sent.attachments.some(({ id }) => id === fileId);
    const [file] = isItsOwn ? await ctx.call("files.describe", { ids: [fileId] }) : [];
    if (!file) throw notFound("file", fileId);
    return file;
  },
};

/** One after the other: two receipts of one message may come together. */
async function applyAll(
  tx: Tx<"channels">,
  channelId: string,
  receipts: readonly Receipt[],
): Promise<ReceiptOutcome[]> {
  const ids = receipts.map(({ interactionId }) => interactionId);
  const sent = await store.sentBy(channelId, ids, tx.session);
  const named = receipts.flatMap(({ externalId }) => externalId ?? []);
  const taken = await store.takenAmong(channelId, named, tx.session);
  const now = new Date();
  const outcomes: ReceiptOutcome[] = [];
  for (const receipt of receipts) {
    const { interactionId } = receipt;
    const before = sent.get(interactionId);
    if (!before) {
      outcomes.push({ interactionId, outcome: "unknown" });
      continue;
    }
    const after = await apply(tx, before, receipt, { taken, now });
    sent.set(interactionId, after);
    const outcome = after === before ? "unchanged" : "applied";
    outcomes.push({ interactionId, outcome, state: after.state });
  }
  return outcomes;
}

/** The message as it is then; itself where the receipt was old news. */
async function apply(
  tx: Tx<"channels">,
  before: KeptInteraction,
  receipt: Receipt,
  { taken, now }: { taken: Set<string>; now: Date },
): Promise<KeptInteraction> {
  const progress = advanced(before, receipt, now);
  if (!progress) return before;
  const { externalId } = receipt;
  const isNew = externalId && !before.externalId && !taken.has(externalId);
  if (isNew) taken.add(externalId);
  const kept = { ...progress, ...(isNew ? { externalId } : {}) };
  await keepProgress(tx, before, kept);
  return { ...before, ...kept };
}

const endErased = (id: string): Promise<void> =>
  settleBySystem(
    id,
    { state: "failed", failure: "Its customer was erased before it went out" },
    ({ session }) => isOnItsWay(id, session),
  );
