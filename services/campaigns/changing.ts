/** How a campaign is changed: one write, one version more, one event with what changed. */
import { actorOf } from "#shared/actor.ts";
import type { EventName, Said } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import { conflict, stale } from "#shared/errors.ts";
import { write, type Cause, type Tx } from "#shared/mongo/write.ts";
import * as store from "./campaigns.store.ts";

type CampaignTx = Tx<"campaigns">;
type Told = {
  [E in EventName<"campaigns">]: { event: E; data: Said<E> };
}[EventName<"campaigns">];

interface Changing {
  id: string;
  /** The version that the caller has read; without it the change applies to what is there. */
  version?: number;
}

/** What each change is announced as. */
export const told = {
  created: ({ id }: Campaign): Told => ({ event: "campaigns.created", data: { id } }),
  changed: ({ id, enabled }: Campaign): Told => ({
    event: "campaigns.changed",
    data: { id, enabled },
  }),
  channelsSet: ({ id, channelIds }: Campaign): Told => ({
    event: "campaigns.channelsSet",
    data: { id, channelIds },
  }),
  agentsSet: ({ id, agents }: Campaign): Told => ({
    event: "campaigns.agentsSet",
    data: { id, agents },
  }),
  supervisorsSet: ({ id, supervisorIds }: Campaign): Told => ({
    event: "campaigns.supervisorsSet",
    data: { id, supervisorIds },
  }),
  optionsSet: ({ id, options }: Campaign): Told => ({
    event: "campaigns.optionsSet",
    data: { id, options },
  }),
};

/**
 * Keeps a new campaign.
 * @throws 409 CAMPAIGN_EXISTS, naming the one that has the name
 */
export const add = (cause: Cause, draft: Campaign): Promise<Campaign> =>
  withUniqueName(() =>
    write("campaigns", cause, async (tx) => {
      const by = actorOf(cause).id;
      const opened = { ...draft, createdBy: by, updatedBy: by };
      await store.add(opened, tx.session);
      announce(tx, {}, opened, told.created);
      return opened;
    }),
  );

/**
 * Changes a campaign by `decide`; where that changes nothing, nothing is written or announced.
 * @throws 404 NOT_FOUND, 412 STALE_VERSION, 409 CAMPAIGN_EXISTS and what `decide` throws
 */
export const change = (
  cause: Cause,
  { id, version }: Changing,
  decide: (current: Campaign) => Campaign,
  tell: (changed: Campaign) => Told,
): Promise<Campaign> =>
  withUniqueName(() =>
    write("campaigns", cause, async (tx) => {
      const current = await store.get(id, tx.session);
      if (version !== undefined && version !== current.version) {
        throw stale("campaign", id, current.version);
      }
      return keep(tx, current, decide(current), { tell, by: actorOf(cause).id });
    }),
  );

/** Keeps the next version of a campaign in a write under way. */
export async function keep(
  tx: CampaignTx,
  current: Campaign,
  decided: Campaign,
  { tell, by }: { tell: (changed: Campaign) => Told; by: string },
): Promise<Campaign> {
  if (changesBetween(current, decided).length === 0) return current;
  const next = {
    ...decided,
    version: current.version + 1,
    updatedAt: new Date(),
    updatedBy: by,
  };
  await store.replace(next, tx.session);
  announce(tx, current, next, tell);
  return next;
}

function announce(
  tx: CampaignTx,
  before: object,
  after: Campaign,
  tell: (changed: Campaign) => Told,
): void {
  tx.announce({
    ...tell(after),
    aggregate: { kind: "campaign", id: after.id, version: after.version },
    changes: changesBetween(before, after),
  });
}

async function withUniqueName<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!store.isNameTaken(error)) throw error;
    const existingId = await store.holderOfName(error);
    throw conflict("CAMPAIGN_EXISTS", "There is a campaign of this name", { existingId });
  }
}
