/** The actions on webhooks and their calls (G12, B07). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Delivery, Webhook } from "#shared/contracts/automation/webhooks.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { hostsInside, leadsInside } from "#shared/public-addresses.ts";
import { madeBy } from "./business-rules.ts";
import { callsWebhook } from "./business-rules.store.ts";
import * as deliveries from "./deliveries.store.ts";
import { wakeDeliverer } from "./deliverer.ts";
import { newSecret } from "./signing.ts";
import * as rules from "./webhooks.rules.ts";
import * as store from "./webhooks.store.ts";

type Actions = Contracts["automation"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const webhooks = {
  /** @throws 409 TOO_MANY_WEBHOOKS; 422 VALIDATION_ERROR at `url` */
  async createWebhook(ctx: Asked<"createWebhook">) {
    await requirePublic(ctx.params.url);
    return write("automation", ctx, async (tx) => {
      const webhook = rules.create(ctx.params, newId(), madeBy(ctx));
      const secret = newSecret();
      await store.insert(webhook, secret, tx.session);
      const { id, version } = webhook;
      tx.announce({
        event: "automation.webhookCreated",
        aggregate: { kind: "webhook", id, version },
        changes: changesBetween({}, webhook),
        data: { id },
      });
      return { ...webhook, secret };
    });
  },

  listWebhooks: async () => ({ items: await store.list() }),

  /** @throws 404 NOT_FOUND; 412 STALE_VERSION; 422 VALIDATION_ERROR at `url` */
  async changeWebhook(ctx: Asked<"changeWebhook">): Promise<Webhook> {
    const { id, version, ...patch } = ctx.params;
    if (patch.url !== undefined) await requirePublic(patch.url);
    return write("automation", ctx, async (tx) => {
      const current = await store.get(id, tx.session);
      if (current.version !== version) throw stale("webhook", id, current.version);
      const after = rules.change(current, patch, madeBy(ctx));
      const changes = changesBetween(current, after);
      if (changes.length === 0) return current;
      await store.replace(after, tx.session);
      tx.announce({
        event: "automation.webhookChanged",
        aggregate: { kind: "webhook", id, version: after.version },
        changes,
        data: { id },
      });
      return after;
    });
  },

  /** @throws 404 NOT_FOUND; 409 WEBHOOK_IN_USE */
  async deleteWebhook(ctx: Asked<"deleteWebhook">): Promise<void> {
    const { id } = ctx.params;
    await write("automation", ctx, async (tx) => {
      const { name, version } = await store.get(id, tx.session);
      if (await callsWebhook(id, tx.session)) throw rules.inUse();
      await store.remove(id, tx.session);
      tx.announce({
        event: "automation.webhookDeleted",
        aggregate: { kind: "webhook", id, version: version + 1 },
        changes: [{ field: "name", old: name, new: null }],
        data: { id },
      });
    });
  },

  /** @throws 404 NOT_FOUND */
  async listDeliveries({ params: { id, ...asked } }: Asked<"listDeliveries">) {
    await store.get(id);
    return deliveries.page(id, asked);
  },

  /** @throws 404 NOT_FOUND; 409 DELIVERY_QUEUED */
  async redeliver(ctx: Asked<"redeliver">): Promise<Delivery> {
    const again = await write("automation", ctx, async (tx) => {
      const { id } = ctx.params;
      const former = await deliveries.get(id, tx.session);
      rules.requireOver(former);
      const queued = await deliveries.requeue(id, new Date(), tx.session);
      tx.announce({
        event: "automation.redelivered",
        aggregate: { kind: "webhookDelivery", id, version: 1 },
        changes: [{ field: "state", old: former.state, new: queued.state }],
        data: { id, webhookId: queued.webhookId },
      });
      return queued;
    });
    wakeDeliverer();
    return again;
  },
};

/** @throws 422 VALIDATION_ERROR at `url` for a host that is, or leads, inside */
async function requirePublic(url: string): Promise<void> {
  const host = rules.hostOf(url, hostsInside());
  if (host !== undefined && (await leadsInside(host))) throw rules.leadingInside();
}
