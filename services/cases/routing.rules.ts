/** Who gets a waiting case (G06, G07, F019, F205-F208): facts and chance go in, a choice comes out. Pure. */
import type { Campaign, RoutingStrategy } from "#shared/contracts/campaigns.ts";
import type { ChannelType } from "#shared/contracts/channels/types.ts";

export type AgentState = "offline" | "available" | "busy" | "paused" | "wrapUp";

/** An agent as routing sees one. */
export interface Worker {
  id: string;
  state: AgentState;
  since: Date;
  /** The channels in the campaign; of a linked campaign's agent none counts. */
  channelIds: ReadonlySet<string>;
  /** Works in a campaign that is linked to this one's call queue (F208). */
  isLinked?: boolean;
  weight: number;
  /** Open cases at present, over all campaigns. */
  openCases: number;
  /** Those of them that came by each type of channel, as far as that matters. */
  openByType: Readonly<Partial<Record<ChannelType, number>>>;
  /** When the queue last gave the agent a case: milliseconds, 0 for never. */
  lastAssignedAt: number;
}

/** A case that waits. */
export interface Waiting {
  id: string;
  channelId?: string | undefined;
  /** Of its channel, where that matters. */
  channelType?: ChannelType | undefined;
  /** The customer's assigned user, where that is an agent who may get this case (F019). */
  ownerId?: string | undefined;
}

/** What a campaign says about routing. */
export type Settings = Pick<Campaign, "routingStrategy"> &
  Pick<
    Campaign["options"],
    "fallbackToFirstAvailable" | "allowCallsWhileBusy" | "capacity" | "channelCapacities"
  >;

/** Whether an agent works on the channel; what was made by hand is anybody's. */
export const worksOn = ({ channelIds }: Pick<Worker, "channelIds">, channelId?: string): boolean =>
  channelId === undefined || channelIds.has(channelId);

/**
 * Whether an agent can get a case now: available, or for a call busy where the campaign allows it
 * (F207); on its channel, or for a call in a linked campaign (F208); with room for one more.
 */
export function mayGet(worker: Worker, waiting: Waiting, settings: Settings): boolean {
  const { state, isLinked } = worker;
  const isCall = waiting.channelType === "telephony";
  const free =
    state === "available" || (state === "busy" && isCall && settings.allowCallsWhileBusy);
  const right = isLinked ? isCall : worksOn(worker, waiting.channelId);
  return free && right && hasRoom(worker, waiting, settings);
}

/** Whether an agent has room for one case more: of all, and of its type of channel. */
function hasRoom(
  { openCases, openByType }: Worker,
  { channelType }: Waiting,
  { capacity, channelCapacities = {} }: Settings,
): boolean {
  if (openCases >= capacity) return false;
  const most = channelType ? channelCapacities[channelType] : undefined;
  return most === undefined || !channelType || (openByType[channelType] ?? 0) < most;
}

/** Idle since: available, and nothing given since then. */
const idleSince = ({ since, lastAssignedAt }: Worker) => Math.max(since.getTime(), lastAssignedAt);

/** The one with the least of something; of several the one whom the next measure prefers. */
const least = (workers: readonly Worker[], ...measures: ((worker: Worker) => number)[]) =>
  workers.reduce((best, worker) => {
    for (const measure of measures) {
      const difference = measure(worker) - measure(best);
      if (difference !== 0) return difference < 0 ? worker : best;
    }
    return worker.id < best.id ? worker : best;
  });

/** The one at whose share of the weights chance points. */
function byWeight(workers: readonly Worker[], random: number): Worker {
  const total = workers.reduce((sum, { weight }) => sum + weight, 0);
  let left = random * total;
  return workers.find(({ weight }) => (left -= weight) < 0) ?? (workers.at(-1) as Worker);
}

/** How each strategy chooses among at least one; `random` is at least 0 and below 1. */
const strategies: Record<RoutingStrategy, (workers: readonly Worker[], random: number) => Worker> =
  {
    random: (workers, random) => workers[Math.floor(random * workers.length)] as Worker,
    longestAvailable: (workers) => least(workers, idleSince),
    mostRecentlyAvailable: (workers) => least(workers, ({ since }) => -since.getTime()),
    roundRobin: (workers) => least(workers, ({ lastAssignedAt }) => lastAssignedAt),
    leastOccupied: (workers) => least(workers, ({ openCases }) => openCases, idleSince),
    weighted: byWeight,
  };

/** Who gets a case, and why. */
export interface Choice {
  userId: string;
  how: "route" | "owner";
}

/**
 * Who gets a case: the customer's assigned user if that one can (F019), or else whom the strategy
 * chooses, unless the campaign has it wait for the assigned user (F206). Nobody where nobody can.
 * @param random at least 0 and below 1
 */
export function choose(
  waiting: Waiting,
  workers: readonly Worker[],
  settings: Settings,
  random: number,
): Choice | undefined {
  const able = workers.filter((worker) => mayGet(worker, waiting, settings));
  const { ownerId } = waiting;
  if (ownerId !== undefined) {
    if (able.some(({ id }) => id === ownerId)) return { userId: ownerId, how: "owner" };
    if (!settings.fallbackToFirstAvailable) return undefined;
  }
  if (able.length === 0) return undefined;
  return { userId: strategies[settings.routingStrategy](able, random).id, how: "route" };
}

/** A worker after getting a case. */
const given = (worker: Worker, { channelType }: Waiting, at: number): Worker => ({
  ...worker,
  openCases: worker.openCases + 1,
  openByType: channelType
    ? { ...worker.openByType, [channelType]: (worker.openByType[channelType] ?? 0) + 1 }
    : worker.openByType,
  lastAssignedAt: at,
});

export interface Assignment extends Choice {
  caseId: string;
  /** When, for the turns of the agents: later for each than for the one before. */
  turn: number;
}

/**
 * Who gets each of these cases, one after the other: each choice knows the ones before.
 * @param randoms one for each case
 */
export function assignments(
  queue: readonly Waiting[],
  workers: readonly Worker[],
  settings: Settings,
  { randoms, now }: { randoms: readonly number[]; now: Date },
): Assignment[] {
  let current = [...workers];
  let turn = Math.max(now.getTime() - 1, ...workers.map(({ lastAssignedAt }) => lastAssignedAt));
  return queue.flatMap((waiting, place) => {
    const choice = choose(waiting, current, settings, randoms[place] ?? 0);
    if (!choice) return [];
    turn += 1;
    const at = turn;
    current = current.map((worker) =>
      worker.id === choice.userId ? given(worker, waiting, at) : worker,
    );
    return [{ ...choice, caseId: waiting.id, turn: at }];
  });
}
