/** Gives the cases that wait in a campaign's queue to its agents (G06, G07, F019, F205-F207). */
import { system } from "#shared/actor.ts";
import type { Broker } from "#shared/bus.ts";
import { write } from "#shared/mongo/write.ts";
import type { KnownAgent, KnownCampaign } from "./agents.rules.ts";
import { atWorkOf, linkedTo, outOf } from "./agents.store.ts";
import { handOver, holdGiven } from "./assigning.store.ts";
import { lineOfQueue } from "./lines.rules.ts";
import { factsOf, type ChannelTypes, type Load } from "./loads.ts";
import { firstOf, type WaitingCase } from "./queue.store.ts";
import {
  assignments,
  mayGet,
  worksOn,
  type Assignment,
  type Settings,
  type Waiting,
  type Worker,
} from "./routing.rules.ts";

/** Few enough that messages to these cases hardly ever wait for the transaction. */
const atOnce = 50;

/** What a round did, and where the next one goes on. */
export interface Round {
  assigned: number;
  /** Behind those who wait for somebody in particular; none: at the head of the queue. */
  cursor?: string;
  more: boolean;
}

const nobody: Round = { assigned: 0, more: false };

interface Queue {
  campaign: KnownCampaign;
  /** The channels in whose lines cases wait; "" for those made by hand. */
  channelIds: readonly string[];
  cursor?: string | undefined;
  /** How many cases at once; 50 unless told. */
  limit?: number;
}

/**
 * Assigns the first cases of a campaign's queue, in one transaction.
 * @throws Superseded where something changed meanwhile; what neighbours who are away throw
 */
export async function routeSome(
  broker: Broker,
  { campaign, channelIds, cursor, limit = atOnce }: Queue,
): Promise<Round> {
  if (!campaign.enabled || !campaign.options.queueAssignment) return nobody;
  const linked = await linkedTo(campaign.id);
  const places = placesIn(campaign, linked);
  const atWork = await atWorkOf([...places.keys()]);
  if (atWork.length === 0) return nobody;
  const settings = { ...campaign.options, routingStrategy: campaign.routingStrategy };
  const { types, loads } = await factsOf(broker, { settings, linked, channelIds, atWork });
  const workers = workersOf(places, atWork, loads);
  const served = channelIds.filter((id) => isServed(id, workers, settings, types));
  if (served.length === 0) return nobody;

  const lines = served.map((id) => lineOfQueue(campaign.id, id));
  const { items: queue, nextCursor } = await firstOf(lines, { limit, cursor });
  const waiting = await asWaiting(broker, campaign, queue, types);
  const chosen = assignments(waiting, workers, settings, {
    randoms: queue.map(() => Math.random()),
    now: new Date(),
  });
  await keep([campaign, ...linked], queue, chosen, atWork);
  return after(chosen.length, queue.length, nextCursor);
}

/** Those whom nobody could get are passed over until the end of the queue, then looked at again. */
function after(assigned: number, looked: number, nextCursor: string | null): Round {
  if (assigned === looked) return { assigned, more: nextCursor !== null };
  return nextCursor ? { assigned, cursor: nextCursor, more: true } : { assigned, more: false };
}

type Place = Pick<Worker, "channelIds" | "isLinked" | "weight">;

/** The agents of a campaign, and those of campaigns that are linked to its call queue (F208). */
function placesIn(campaign: KnownCampaign, linked: readonly KnownCampaign[]): Map<string, Place> {
  const guests = linked.flatMap(({ agents }) =>
    agents.map(({ userId }): [string, Place] => [
      userId,
      { channelIds: new Set(), isLinked: true, weight: 1 },
    ]),
  );
  const own = campaign.agents.map(({ userId, channelIds, weight = 1 }): [string, Place] => [
    userId,
    { channelIds: new Set(channelIds), weight },
  ]);
  return new Map([...guests, ...own]);
}

/** Those of them who are at work, with what each has. */
function workersOf(
  places: ReadonlyMap<string, Place>,
  atWork: readonly KnownAgent[],
  loads: ReadonlyMap<string, Load>,
): Worker[] {
  return atWork.flatMap(({ id, state, since, lastAssignedAt }) => {
    const place = places.get(id);
    const load = loads.get(id) ?? { openCases: 0, openByType: {} };
    return place ? [{ ...{ id, state, since, lastAssignedAt }, ...load, ...place }] : [];
  });
}

const isServed = (
  channelId: string,
  workers: readonly Worker[],
  settings: Settings,
  types: ChannelTypes,
): boolean => {
  const example = {
    id: "",
    channelId: channelId || undefined,
    channelType: types.get(channelId),
  };
  return workers.some((worker) => mayGet(worker, example, settings));
};

/** The cases with whom they would best go to: an agent of the campaign on the channel (F019). */
async function asWaiting(
  broker: Broker,
  campaign: KnownCampaign,
  queue: readonly WaitingCase[],
  types: ChannelTypes,
): Promise<Waiting[]> {
  const customerIds = [...new Set(queue.map(({ customerId }) => customerId))];
  const owners =
    customerIds.length > 0
      ? await broker.call("customers.ownersOf", { customerIds, campaignId: campaign.id })
      : [];
  const ownerIds = new Map(owners.map(({ customerId, userId }) => [customerId, userId]));
  const out = await outOf(owners.map(({ userId }) => userId));
  return queue.map(({ id, customerId, channelId }) => {
    const ownerId = ownerIds.get(customerId);
    const agent = campaign.agents.find(({ userId }) => userId === ownerId && !out.has(userId));
    const may = agent && worksOn({ channelIds: new Set(agent.channelIds) }, channelId);
    const channelType = types.get(channelId ?? "");
    return { id, channelId, channelType, ...(may ? { ownerId } : {}) };
  });
}

async function keep(
  campaigns: readonly KnownCampaign[],
  queue: readonly WaitingCase[],
  chosen: readonly Assignment[],
  atWork: readonly KnownAgent[],
): Promise<void> {
  if (chosen.length === 0) return;
  const byId = new Map(queue.map((one) => [one.id, one]));
  const turns = new Map(chosen.map(({ userId, turn }) => [userId, turn]));
  const given = atWork.filter(({ id }) => turns.has(id));
  const handovers = chosen.map(({ caseId, userId, how }) => ({
    ...{ kase: byId.get(caseId) as WaitingCase, assigneeId: userId, how },
  }));
  await write("cases", { meta: { actor: system } }, async (tx) => {
    await holdGiven(campaigns, given, turns, tx.session);
    await handOver(tx, handovers, { at: new Date(), by: system.id });
  });
}
