/** Which cases a job closes, and closing one of them (F112, F126). */
import type { Caller, Meta } from "#shared/bus.ts";
import { actorOf } from "#shared/actor.ts";
import * as rules from "./bulk.rules.ts";
import { visibleAmong } from "./bulk-choice.store.ts";
import type { Target } from "./bulk-rows.store.ts";
import type { KeptJob } from "./bulk-tables.store.ts";
import type { Asked } from "./lists.rules.ts";
import { listSeen } from "./of-customer.ts";
import { sightOf } from "./scopes.ts";
import { soughtIn } from "./search.rules.ts";

type OnBehalf = Caller & { meta: Meta };

/** A filter as lists take it: open cases, the oldest first. */
export function askedBy({ q, ...filter }: NonNullable<KeptJob["filter"]>): Asked {
  const sought = q === undefined ? {} : { sought: soughtIn(q) };
  return { ...filter, ...sought, state: "active", sort: "created", limit: 200 };
}

/** The next page of the cases that a job's filter finds; those that came later are not meant. */
export async function found(
  caller: OnBehalf,
  { filter = {}, cursor, createdAt }: KeptJob,
): Promise<{ targets: Target[]; cursor: string | null }> {
  const sight = await sightOf(caller);
  const { createdTo = createdAt } = filter;
  const asked = {
    ...askedBy(filter),
    createdTo: createdTo < createdAt ? createdTo : createdAt,
    ...(cursor ? { cursor } : {}),
  };
  // what may only be read is not closed
  const page = await listSeen(caller, asked, { ...sight, readable: sight.visible });
  const targets = page.items.map(({ id: caseId, number }) => ({ caseId, number }));
  return { targets, cursor: page.nextCursor };
}

/**
 * What keeps each of these cases from being closed in bulk before it is tried, by what names it: that
 * it is not seen, or that its campaign does not let agents do so (D05).
 */
export async function refusals(
  caller: OnBehalf,
  ids: readonly string[],
): Promise<Map<string, rules.Outcome>> {
  const { visible } = await sightOf(caller);
  const seen = await visibleAmong(ids, visible);
  const allowed = await allowing(
    caller,
    [...seen.values()].map(({ campaignId }) => campaignId),
  );
  return new Map(
    ids.flatMap((id) => {
      const kase = seen.get(id);
      if (!kase) return [[id, rules.notThere]];
      const { id: caseId, number } = kase;
      return allowed(kase.campaignId) ? [] : [[id, { ...rules.notAllowed, caseId, number }]];
    }),
  );
}

async function allowing(
  caller: OnBehalf,
  campaignIds: readonly string[],
): Promise<(campaignId: string) => boolean> {
  if (actorOf(caller).role !== "agent") return () => true;
  const campaigns = await Promise.all(
    [...new Set(campaignIds)].map((id) => caller.call("campaigns.describe", { id })),
  );
  const allow = campaigns.filter(({ options }) => options.allowAgentBulkClose);
  const ids = new Set(allow.map(({ id }) => id));
  return (campaignId) => ids.has(campaignId);
}
