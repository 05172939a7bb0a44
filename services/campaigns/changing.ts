/** How a campaign is changed: one write, one version more, one event with what changed. */
import { actorOf } from "#shared/actor.ts";
import type { EventName, Said } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import { conflict, stale } from "#shared/errors.ts";
import { write, type Cause, type Tx } from "#shared/mongo/write.ts";
import { requireInUse } from "./campaigns.rules.ts";
import * as store from "./campaigns.store.ts";
import { requireMainField } from "./forms.rules.ts";
import { choose } from "./forms.store.ts";

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
  channelsSet: ({ id, channelIds, enabled }: Campaign): Told => ({
    event: "campaigns.channelsSet",
    data: { id, channelIds, enabled },
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
  scriptSet: ({ id }: Campaign): Told => ({ event: "campaigns.scriptSet", data: { id } }),
  tabsSet: ({ id }: Campaign): Told => ({ event: "campaigns.tabsSet", data: { id } }),
};

/**
 * Keeps a new campaign, and by `keepMore` what stands beside it.
 * @throws 409 CAMPAIGN_EXISTS, naming the one that has the name; 422 for its form or main field
 */
export const add = (
  cause: Cause,
  draft: Campaign,
  keepMore?: (campaignId: string, session: CampaignTx["session"]) => Promise<void>,
): Promise<Campaign> =>
  withUniqueName(() =>
    write("campaigns", cause, async (tx) => {
      const by = actorOf(cause).id;
      const opened = { ...draft, createdBy: by, updatedBy: by };
      await requireForm(opened, tx);
      await store.add(opened, tx.session);
      await keepMore?.(opened.id, tx.session);
      announce(tx, {}, opened, told.created);
      return opened;
    }),
  );

/** The form is held until the write ends, so that it keeps the field. */
async function requireForm(
  { activityFormId, mainField }: Campaign,
  { session }: CampaignTx,
): Promise<void> {
  requireMainField(await choose(activityFormId, session), mainField);
}

/**
 * Changes a campaign by `decide`; where that changes nothing, nothing is written or announced.
 * @throws 404 NOT_FOUND, 412 STALE_VERSION, 409 CAMPAIGN_EXISTS, 409 CAMPAIGN_ARCHIVED, 422 for its
 *   form or main field, and what `decide` throws
 */
export const change = (
  cause: Cause,
  { id, version }: Changing,
  decide: (current: Campaign) => Campaign,
  tell: (changed: Campaign) => Told,
): Promise<Campaign> =>
  withUniqueName(() =>
    write("campaigns", cause, async (tx) => {
      const current = await asRead(id, version, tx);
      const decided = decide(current);
      if (decided.archived) requireInUse(current);
      if (isFormOther(current, decided)) await requireForm(decided, tx);
      return keep(tx, current, decided, { tell, by: actorOf(cause).id });
    }),
  );

const isFormOther = (current: Campaign, decided: Campaign): boolean =>
  current.activityFormId !== decided.activityFormId || current.mainField !== decided.mainField;

async function asRead(
  id: string,
  version: number | undefined,
  { session }: CampaignTx,
): Promise<Campaign> {
  const current = await store.get(id, session);
  if (version !== undefined && version !== current.version) {
    throw stale("campaign", id, current.version);
  }
  return current;
}

/** What stands beside a campaign, and how it is kept. */
interface Beside<P> {
  /** What the change log calls it. */
  field: string;
  read: (id: string, session: CampaignTx["session"]) => Promise<P>;
  decide: (current: P) => P;
  keep: (id: string, decided: P, session: CampaignTx["session"]) => Promise<void>;
  tell: (changed: Campaign) => Told;
}

/**
 * Changes what stands beside a campaign; it is one version more of the campaign, too.
 * @throws 404 NOT_FOUND, 412 STALE_VERSION, 409 CAMPAIGN_ARCHIVED and what `decide` throws
 */
export const changeBeside = <P>(
  cause: Cause,
  { id, version }: Changing,
  beside: Beside<P>,
): Promise<{ kept: P; version: number }> =>
  write("campaigns", cause, async (tx) => {
    const current = await asRead(id, version, tx);
    requireInUse(current);
    const before = await beside.read(id, tx.session);
    const decided = beside.decide(before);
    const changes = changesBetween({ [beside.field]: before }, { [beside.field]: decided });
    if (changes.length === 0) return { kept: before, version: current.version };
    const next = nextOf(current, current, actorOf(cause).id);
    await store.replace(next, tx.session);
    await beside.keep(id, decided, tx.session);
    tx.announce({ ...beside.tell(next), aggregate: aggregateOf(next), changes });
    return { kept: decided, version: next.version };
  });

/** Keeps the next version of a campaign in a write under way. */
export async function keep(
  tx: CampaignTx,
  current: Campaign,
  decided: Campaign,
  { tell, by }: { tell: (changed: Campaign) => Told; by: string },
): Promise<Campaign> {
  if (changesBetween(current, decided).length === 0) return current;
  const next = nextOf(current, decided, by);
  await store.replace(next, tx.session);
  announce(tx, current, next, tell);
  return next;
}

const nextOf = (current: Campaign, decided: Campaign, updatedBy: string): Campaign => ({
  ...decided,
  version: current.version + 1,
  updatedAt: new Date(),
  updatedBy,
});

function announce(
  tx: CampaignTx,
  before: object,
  after: Campaign,
  tell: (changed: Campaign) => Told,
): void {
  tx.announce({
    ...tell(after),
    aggregate: aggregateOf(after),
    changes: changesBetween(before, after),
  });
}

const aggregateOf = ({ id, version }: Campaign) => ({ kind: "campaign", id, version });

async function withUniqueName<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!store.isNameTaken(error)) throw error;
    const existingId = await store.holderOfName(error);
    throw conflict("CAMPAIGN_EXISTS", "There is a campaign of this name", { existingId });
  }
}
