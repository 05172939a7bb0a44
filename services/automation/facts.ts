/** What the neighbours know of a case, as far as a rule's conditions ask for it. */
import { system } from "#shared/actor.ts";
import type { Broker, Meta } from "#shared/bus.ts";
import type { BusinessRule } from "#shared/contracts/automation/rules.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Activity } from "#shared/contracts/cases/activities.ts";
import { isRefusal } from "#shared/errors.ts";
import { needsOf, type Need } from "./columns.rules.ts";
import type { Facts } from "./facts.rules.ts";
import { timelinesOf } from "./timelines.store.ts";

const bySystem: { meta: Meta } = { meta: { actor: system } };

/**
 * A case, or the one that it was merged into; undefined where there is none.
 * @throws what keeps cases from being asked
 */
export const caseOf = (broker: Broker, id: string): Promise<Case | undefined> =>
  found(
    () => broker.call("cases.get", { id }, bySystem),
    (survivorId) => caseOf(broker, survivorId),
  );

type Conditions = Pick<BusinessRule, "all" | "any">;

/**
 * All that the conditions are about. What is not there is left out.
 * @param activityId the activity that was saved; otherwise the last one of the case counts
 */
export async function factsFor(
  broker: Broker,
  { all, any }: Conditions,
  { kase, activityId, now }: { kase: Case; activityId?: string | undefined; now: Date },
): Promise<Facts> {
  const needs = needsOf([...all, ...any].map(({ column }) => column));
  const ask = async <R>(need: Need, how: () => Promise<R>): Promise<R | undefined> =>
    needs.has(need) ? how() : undefined;

  const [timelines, customer, account, activity, channel, campaign] = await Promise.all([
    timelinesOf([kase.id]),
    ask("customer", () => customerOf(broker, kase.customerId)),
    ask("account", () => accountOf(broker, kase)),
    ask("activity", () => activityOf(broker, kase.id, activityId)),
    ask("channel", () => channelOf(broker, kase.channelId)),
    ask("campaign", () => broker.call("campaigns.describe", { id: kase.campaignId })),
  ]);
  return {
    ...{ now, kase, timeline: timelines.get(kase.id) ?? {} },
    ...{ customer, account, activity, channelType: channel?.type, timeZone: campaign?.timeZone },
  };
}

const customerOf = (broker: Broker, id: string): Promise<Facts["customer"]> =>
  found(
    () => broker.call("customers.get", { id }, bySystem),
    (survivorId) => customerOf(broker, survivorId),
  );

const accountOf = async (
  broker: Broker,
  { customerId: id, accountId }: Case,
): Promise<Facts["account"]> =>
  accountId === undefined
    ? undefined
    : found(() => broker.call("customers.getAccount", { id, accountId }, bySystem));

async function activityOf(
  broker: Broker,
  id: string,
  activityId: string | undefined,
): Promise<Activity | undefined> {
  const last = activityId ?? (await lastActivityOf(broker, id));
  return last === undefined
    ? undefined
    : found(() => broker.call("cases.getActivity", { id, activityId: last }, bySystem));
}

const lastActivityOf = async (broker: Broker, id: string): Promise<string | undefined> => {
  const page = await found(() => broker.call("cases.listActivities", { id, limit: 1 }, bySystem));
  return page?.items[0]?.id;
};

async function channelOf(broker: Broker, id: string | undefined) {
  if (id === undefined) return undefined;
  const [channel] = await broker.call("channels.describe", { ids: [id] });
  return channel;
}

/** What is asked for; undefined where it is not there any more, and its survivor where it moved. */
async function found<R>(
  ask: () => Promise<R>,
  follow?: (survivorId: string) => Promise<R | undefined>,
): Promise<R | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.type === "MOVED" && follow) return follow(String(error.data?.["survivorId"]));
    if (error.type === "NOT_FOUND" || error.type === "MOVED") return undefined;
    throw error;
  }
}
