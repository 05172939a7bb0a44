/** Where webhooks are kept, with the secrets that their calls are signed with. */
import type { ClientSession } from "mongodb";
import { mostWebhooks, Webhook } from "#shared/contracts/automation/webhooks.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { secret } from "#shared/fields.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";

interface KeptWebhook extends Webhook {
  secret: string;
}

const webhooks = collection("automation", "webhooks", { ...Webhook, secret: secret(100) }, []);

const webhookOf = (row: Kept<KeptWebhook>): Webhook => {
  const { secret: _secret, ...webhook } = entityOf<KeptWebhook>(row);
  return webhook;
};

export async function list(): Promise<Webhook[]> {
  const rows = await webhooks.native().find().sort({ _id: 1 }).limit(mostWebhooks).toArray();
  return rows.map(webhookOf);
}

/** Those of these webhooks that are there. */
export async function existing(ids: string[]): Promise<{ id: string }[]> {
  const rows = await webhooks
    .native()
    .find({ _id: { $in: ids } }, { projection: { _id: 1 } })
    .toArray();
  return rows.map(({ _id }) => ({ id: _id }));
}

/** @throws 404 NOT_FOUND */
export async function get(id: string, session?: ClientSession): Promise<Webhook> {
  const row = await webhooks.native().findOne({ _id: id }, session ? { session } : {});
  if (!row) throw notFound("webhook", id);
  return webhookOf(row);
}

/** With its secret, for who signs. */
export async function forSigning(id: string): Promise<KeptWebhook | undefined> {
  const row = await webhooks.native().findOne({ _id: id });
  return row ? entityOf<KeptWebhook>(row) : undefined;
}

/** @throws 409 TOO_MANY_WEBHOOKS */
export async function insert(
  webhook: Webhook,
  itsSecret: string,
  session: ClientSession,
): Promise<void> {
  if ((await webhooks.native().countDocuments({}, { session })) >= mostWebhooks) {
    throw conflict("TOO_MANY_WEBHOOKS", "There are too many webhooks", { limit: mostWebhooks });
  }
  await webhooks.native().insertOne({ ...keptOf(webhook), secret: itsSecret }, { session });
}

/** Keeps a webhook in place of what was read of it in the same transaction; its secret stays. */
export async function replace(webhook: Webhook, session: ClientSession): Promise<void> {
  const { _id, ...fields } = keptOf(webhook);
  await webhooks.native().updateOne({ _id }, { $set: fields }, { session });
}

export const remove = (id: string, session: ClientSession) =>
  webhooks.native().deleteOne({ _id: id }, { session });
