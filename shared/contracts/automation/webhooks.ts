/** Webhooks that business rules call: signed as Standard Webhooks, retried, never inside (G12). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  partial,
  record,
  secret,
  text,
  whole,
  withDefault,
  word,
  yesNo,
  type Received,
} from "../../fields.ts";
import { page, paging, trail, version } from "../common.ts";

const facts = {
  name: text(120),
  url: word(/^https:\/\/[^\s]+$/, 2_000),
  enabled: withDefault(yesNo, true),
};

export type Webhook = Received<typeof Webhook>;
export const Webhook = { id, ...facts, ...trail };

/** As many webhooks as there may be. */
export const mostWebhooks = 100;

export type Delivery = Received<typeof Delivery>;
/** One call: tried again with growing pauses until it is taken, or given up after three days. */
export const Delivery = {
  id,
  webhookId: id,
  executionId: id,
  caseId: id,
  state: oneOf("queued", "delivered", "failed"),
  attempts: whole(0, 1_000),
  /** What the last attempt was answered, or met. */
  status: optional(whole(100, 599)),
  fault: optional(text(40)),
  nextAt: optional(instant),
  createdAt: instant,
  updatedAt: instant,
};

export const webhookActions = actions({
  createWebhook: {
    rest: "POST /webhooks",
    needs: "rules.configure",
    says: "Adds a webhook; the secret that its calls are signed with is shown once.",
    params: facts,
    returns: record({ ...Webhook, secret: secret(100) }),
  },
  listWebhooks: {
    rest: "GET /webhooks",
    needs: "rules.configure",
    says: "The webhooks, in the order in which they were added.",
    returns: record({ items: list(record(Webhook), mostWebhooks) }),
  },
  changeWebhook: {
    rest: "PATCH /webhooks/:id",
    needs: "rules.configure",
    guarded: "required",
    says: "Changes a webhook; calls of a disabled one fail.",
    params: { id, version, ...partial(facts) },
    returns: record(Webhook),
  },
  deleteWebhook: {
    rest: "DELETE /webhooks/:id",
    needs: "rules.configure",
    says: "Deletes a webhook that no business rule calls.",
    params: { id },
  },
  listDeliveries: {
    rest: "GET /webhooks/:id/deliveries",
    needs: "rules.configure",
    says: "The calls of a webhook, newest first.",
    params: { id, ...paging, state: optional(Delivery.state) },
    returns: page(Delivery),
  },
  redeliver: {
    rest: "POST /webhook-deliveries/:id/redeliver",
    needs: "rules.configure",
    status: 200,
    says: "Makes a call once more that was delivered or has failed, under the same id.",
    params: { id },
    returns: record(Delivery),
  },
});

export const webhookEvents = {
  webhookCreated: { id },
  webhookChanged: { id },
  webhookDeleted: { id },
  redelivered: { id, webhookId: id },
};
