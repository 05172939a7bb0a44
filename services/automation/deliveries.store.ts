/** Where calls of webhooks are kept until they are made, and a month longer. */
import type { ClientSession, Filter } from "mongodb";
import type { RuleExecution } from "#shared/contracts/automation/executions.ts";
import { Delivery } from "#shared/contracts/automation/webhooks.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { notFound } from "#shared/errors.ts";
import { instant, longText, type Received } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, type Kept } from "#shared/mongo/store.ts";

const keptDays = 30;

export type KeptDelivery = Received<typeof KeptDelivery>;
const KeptDelivery = { ...Delivery, body: longText(10_000), keptUntil: instant };
type Row = Kept<KeptDelivery>;

const deliveries = collection("automation", "deliveries", KeptDelivery, [
  { key: { nextAt: 1 }, partialFilterExpression: { nextAt: { $exists: true } } },
  { key: { webhookId: 1, createdAt: -1, _id: -1 } },
  { key: { webhookId: 1, state: 1, createdAt: -1, _id: -1 } },
  { key: { keptUntil: 1 }, expireAfterSeconds: 0 },
]);

const deliveryOf = (row: Row): Delivery => {
  const { body: _body, keptUntil: _until, ...shown } = entityOf<KeptDelivery>(row);
  return shown;
};

interface Call {
  id: string;
  webhookId: string;
  execution: RuleExecution;
  kase: Case;
  body: string;
}

/** Keeps a call that is to be made. */
export async function enqueue(
  { id, webhookId, execution, kase, body }: Call,
  now: Date,
  session: ClientSession,
): Promise<void> {
  await deliveries.native().insertOne(
    {
      ...{ _id: id, webhookId, executionId: execution.id, caseId: kase.id, body },
      ...{ state: "queued", attempts: 0, nextAt: now, createdAt: now, updatedAt: now },
      keptUntil: new Date(now.getTime() + keptDays * 86_400_000),
    },
    { session },
  );
}

/** Takes the next call that is due; whoever dies with it leaves it to others after `until`. */
export async function take(now: Date, until: Date): Promise<KeptDelivery | undefined> {
  const row = await deliveries
    .native()
    .findOneAndUpdate(
      { nextAt: { $lte: now } },
      { $set: { nextAt: until, updatedAt: now }, $inc: { attempts: 1 } },
      { sort: { nextAt: 1 }, returnDocument: "after" },
    );
  return row ? entityOf<KeptDelivery>(row) : undefined;
}

/** Keeps how an attempt ended, unless there was another one meanwhile. */
export async function settle(
  { id, attempts }: Pick<Delivery, "id" | "attempts">,
  { nextAt, ...outcome }: Pick<Delivery, "state" | "status" | "fault" | "nextAt">,
  now: Date,
): Promise<void> {
  const former = (["status", "fault"] as const).filter((field) => outcome[field] === undefined);
  const gone = [...former, ...(nextAt ? [] : ["nextAt"])];
  await deliveries.native().updateOne(
    { _id: id, attempts, state: "queued" },
    {
      $set: { ...outcome, ...(nextAt ? { nextAt } : {}), updatedAt: now },
      ...(gone.length > 0 ? { $unset: Object.fromEntries(gone.map((field) => [field, ""])) } : {}),
    },
  );
}

/** @throws 404 NOT_FOUND */
export async function get(id: string, session: ClientSession): Promise<Delivery> {
  const row = await deliveries.native().findOne({ _id: id }, { session });
  if (!row) throw notFound("delivery", id);
  return deliveryOf(row);
}

/** Puts a call back into the queue, with all its attempts before it. */
export async function requeue(id: string, now: Date, session: ClientSession): Promise<Delivery> {
  const row = await deliveries
    .native()
    .findOneAndUpdate(
      { _id: id },
      { $set: { state: "queued", attempts: 0, nextAt: now, updatedAt: now } },
      { session, returnDocument: "after" },
    );
  if (!row) throw notFound("delivery", id);
  return deliveryOf(row);
}

interface Search {
  state?: Delivery["state"];
  limit: number;
  cursor?: string;
  count?: boolean;
}

/** The calls of a webhook, newest first. */
export async function page(
  webhookId: string,
  { state, ...paging }: Search,
): Promise<Page<Delivery>> {
  const filter: Filter<Row> = { webhookId, ...(state ? { state } : {}) };
  const sort = [
    ["createdAt", -1],
    ["_id", -1],
  ] as const;
  const found = await findPage(deliveries.native(), { filter, sort, ...paging });
  return { ...found, items: found.items.map(deliveryOf) };
}
