/** Where business rules are kept, and their order. */
import type { ClientSession } from "mongodb";
import { BusinessRule, mostRules, type TriggerEvent } from "#shared/contracts/automation/rules.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { id, instant, list, whole } from "#shared/fields.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import type { ActiveRule } from "./business-rules.rules.ts";

const rules = collection("automation", "rules", { ...BusinessRule, activeSince: instant }, [
  { key: { enabled: 1, kind: 1, trigger: 1 } },
  { key: { "actions.webhookId": 1 } },
]);

/** One row; whoever adds, takes away or moves a rule writes it, so that they come one after the other. */
const orders = collection(
  "automation",
  "orders",
  { id, ids: list(id, mostRules), version: whole(1, 1_000_000_000) },
  [],
);
const only = "rules";

export interface Order {
  ids: string[];
  version: number;
}

export const ruleOf = ({ activeSince: _since, ...rule }: ActiveRule): BusinessRule => rule;

const activeOf = (row: Kept<ActiveRule>): ActiveRule => entityOf<ActiveRule>(row);

export async function orderOf(session?: ClientSession): Promise<Order> {
  const row = await orders.native().findOne({ _id: only }, session ? { session } : {});
  return row ? { ids: row.ids, version: row.version } : { ids: [], version: 1 };
}

/** All rules, in their order. */
export async function all(session?: ClientSession): Promise<ActiveRule[]> {
  const { ids } = await orderOf(session);
  const rows = await rules
    .native()
    .find({}, session ? { session } : {})
    .toArray();
  return inOrder(rows.map(activeOf), ids);
}

const inOrder = (some: ActiveRule[], ids: readonly string[]): ActiveRule[] =>
  some.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));

/** The enabled triggers that one of these sets off, in their order. */
export const triggers = (events: readonly TriggerEvent[]): Promise<ActiveRule[]> =>
  enabled({ enabled: true, kind: "trigger", trigger: { $in: [...events] } });

/** The enabled rules that wait for time to pass, in their order. */
export const automations = (): Promise<ActiveRule[]> =>
  enabled({ enabled: true, kind: "automation" });

async function enabled(filter: object): Promise<ActiveRule[]> {
  const rows = await rules.native().find(filter).toArray();
  if (rows.length < 2) return rows.map(activeOf);
  return inOrder(rows.map(activeOf), (await orderOf()).ids);
}

/** @throws 404 NOT_FOUND */
export async function get(ruleId: string, session?: ClientSession): Promise<ActiveRule> {
  const row = await rules.native().findOne({ _id: ruleId }, session ? { session } : {});
  if (!row) throw notFound("business rule", ruleId);
  return activeOf(row);
}

/**
 * Adds a rule at the end of the list, or after another.
 * @throws 409 TOO_MANY_RULES
 */
export async function insert(
  rule: ActiveRule,
  session: ClientSession,
  after?: string,
): Promise<void> {
  const { ids } = await orderOf(session);
  if (ids.length >= mostRules) {
    throw conflict("TOO_MANY_RULES", "There are too many business rules", { limit: mostRules });
  }
  const place = after === undefined ? ids.length : ids.indexOf(after) + 1;
  await order(ids.toSpliced(place, 0, rule.id), session);
  await rules.native().insertOne(keptOf(rule), { session });
}

/** Keeps a rule in place of what was read of it in the same transaction. */
export async function replace(rule: ActiveRule, session: ClientSession): Promise<void> {
  const { _id, ...row } = keptOf(rule);
  await rules.native().replaceOne({ _id }, row, { session });
}

export async function remove(ruleId: string, session: ClientSession): Promise<void> {
  const { ids } = await orderOf(session);
  await order(
    ids.filter((one) => one !== ruleId),
    session,
  );
  await rules.native().deleteOne({ _id: ruleId }, { session });
}

/** Puts the rules into an order; answers its version. */
export async function order(ids: string[], session: ClientSession): Promise<number> {
  const row = await orders
    .native()
    .findOneAndUpdate(
      { _id: only },
      { $set: { ids }, $inc: { version: 1 } },
      { session, upsert: true, returnDocument: "after" },
    );
  return row?.version ?? 1;
}

/** Whether a rule calls a webhook. */
export const callsWebhook = async (webhookId: string, session: ClientSession): Promise<boolean> =>
  (await rules.native().findOne({ "actions.webhookId": webhookId }, { session })) !== null;
