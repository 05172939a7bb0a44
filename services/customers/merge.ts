/** Merging customers: what would move, the switch itself, and the services that follow (F037-F044). */
import type { Merge } from "#shared/contracts/customers/merge.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import { moveKeys } from "./contact-keys.store.ts";
import { changesBetween, lookupsBeside, lookupsOf } from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import { ownerChanges } from "./owners.rules.ts";
import * as rules from "./merge.rules.ts";
import * as merges from "./merges.store.ts";
import {
  accountsJoined,
  moveAccounts,
  moveRelations,
  relationsJoined,
  tellOfMoved,
} from "./moving.ts";

/** Who keeps customer ids and has to carry the survivor's; each says when it does. */
const followers = ["cases", "interactions", "files"];

export const merging = {
  /**
   * What a merge would do, by the same rules that do it, as of one moment (D03).
   * @throws what `merge` throws
   */
  async previewMerge(ctx: Asked<"previewMerge">) {
    rules.requireTwo(ctx.params);
    const cases = await casesOf(ctx);

    return transaction("customers", async (session) => {
      const pair = await pairOf(ctx, session);
      const { plan } = rules.planned(pair, await factsOf(ctx, cases, session, looking));
      return { ...pair, plan };
    });
  },

  /**
   * Merges for good: in one transaction the absorbed becomes a tombstone and what was chosen is the
   * survivor's. Cases, messages and files follow by the event; until then they are read under both
   * ids (decision 15).
   * @throws 422 with itself · 404 · 409 CUSTOMER_MERGED with `survivorId`, TOO_MANY_MERGES and what
   *   else the survivor would have too many of · 412 where a version that was sent is stale
   */
  async merge(ctx: Asked<"merge">) {
    rules.requireTwo(ctx.params);
    const cases = await casesOf(ctx);

    return write("customers", ctx, async (tx) => {
      const pair = await pairOf(ctx, tx.session);
      const facts = await factsOf(ctx, cases, tx.session, doing);
      const { survivor, plan } = rules.planned(pair, facts);
      const { parts, stamp: by } = facts;
      const merge: Merge = {
        id: newId(),
        survivorId: survivor.id,
        absorbedId: pair.absorbed.id,
        parts,
        state: "moving",
        counts: plan.counts,
        createdAt: by.at,
        createdBy: by.by,
      };
      await keep(merge, pair, survivor, tx);
      announce(merge, pair, survivor, tx);
      tellOfMoved(tx, facts.accounts, facts.relations);
      return { survivor, merge };
    });
  },

  async listMerges(ctx: Asked<"listMerges">) {
    const { id, ...paging } = ctx.params;
    await store.get(id);

    return merges.listInto(id, paging);
  },

  identify: (ctx: Asked<"identify">) => merges.identify(ctx.params.ids),
};

/** How many cases go by the absorbed's id, or by that of one merged into it before. */
async function casesOf(ctx: Asked<"merge">): Promise<number> {
  if (!rules.partsOf(ctx.params).cases) return 0;
  const [identity] = await merges.identify([ctx.params.absorbedId]);
  if (identity?.survivorId !== ctx.params.absorbedId) return 0; // refused in a moment
  return (await ctx.call("cases.countOf", { customerIds: identity.sharing })).count;
}

type Session = Tx<"customers">["session"];

async function pairOf(ctx: Asked<"merge">, session: Session): Promise<rules.Pair> {
  const { survivorId, absorbedId } = ctx.params;
  const survivor = await store.get(survivorId, session);
  const absorbed = await store.get(absorbedId, session);
  const before = await merges.countInto([survivorId, absorbedId], session);
  rules.requireCurrent({ survivor, absorbed }, ctx.params, before);
  return { survivor, absorbed };
}

/** What becomes of accounts and relations: looked at for the preview, done for the merge. */
const looking = { accounts: accountsJoined, relations: relationsJoined };
const doing = { accounts: moveAccounts, relations: moveRelations };

async function factsOf(
  ctx: Asked<"merge">,
  cases: number,
  session: Session,
  way: typeof looking,
): Promise<rules.Facts> {
  const { survivorId, absorbedId } = ctx.params;
  const parts = rules.partsOf(ctx.params);
  const by = stamp(ctx);
  const accounts = parts.accounts
    ? await way.accounts(absorbedId, survivorId, session, by)
    : { moved: [], collided: [] };
  const relations = await way.relations(absorbedId, survivorId, session, by);
  return { parts, cases, accounts, relations, stamp: by };
}

async function keep(
  merge: Merge,
  { absorbed, survivor: before }: rules.Pair,
  survivor: rules.Pair["survivor"],
  { session }: Tx<"customers">,
): Promise<void> {
  const { documentKey } = lookupsOf(absorbed);
  const kept = {
    ...merge,
    into: survivor.id,
    ...(merge.parts.cases ? { casesWith: survivor.id } : {}),
    waiting: followers,
    absorbed,
    ...(documentKey ? { documentKey } : {}),
  };
  await merges.absorb(kept, session);
  await store.replace(survivor, lookupsBeside(survivor), session);
  const keys = {
    before: lookupsOf(before).contactKeys,
    after: lookupsOf(survivor).contactKeys,
  };
  await moveKeys(survivor.id, keys, session);
}

function announce(
  { id: mergeId, survivorId, absorbedId, parts }: Merge,
  before: rules.Pair,
  survivor: rules.Pair["survivor"],
  tx: Tx<"customers">,
): void {
  tx.announce({
    event: "customers.merged",
    aggregate: { kind: "customer", id: survivorId, version: survivor.version },
    changes: [
      { field: "absorbed", old: null, new: absorbedId },
      ...changesBetween(before.survivor, survivor),
      ...ownerChanges(before.survivor, survivor),
    ],
    data: { mergeId, survivorId, absorbedId, cases: parts.cases },
  });
  tx.announce({
    event: "customers.absorbed",
    aggregate: { kind: "customer", id: absorbedId, version: before.absorbed.version + 1 },
    changes: [{ field: "mergedInto", old: null, new: survivorId }],
    data: { id: absorbedId, survivorId, mergeId },
  });
}

// ── What the others tell ─────────────────────────────────────────────────────

type Moved = DomainEvent<
  "cases.customerMoved" | "interactions.customerMoved" | "files.customerMoved"
>;

/** A service carries the survivor's id everywhere; once all do, the merge is done. */
const arrived =
  (service: string) =>
  ({ data: { mergeId, moved }, at }: Moved, { session }: Tx<"customers">): Promise<void> =>
    merges.arrived(
      mergeId,
      service,
      { cases: service === "cases" ? moved : undefined, at },
      session,
    );

export const mergeListeners = {
  "cases.customerMoved": arrived("cases"),
  "interactions.customerMoved": arrived("interactions"),
  "files.customerMoved": arrived("files"),
};

/**
 * Messages were received of these customers, or sent to them (F005). One that was on its way when its customer was
 * merged may have opened a case for the absorbed after the services had moved everything: then they
 * are told to look again. Twice is as once.
 */
export async function heard(
  events: DomainEvent<"interactions.received" | "interactions.reported" | "interactions.queued">[],
): Promise<void> {
  const heardAt = new Map(events.map(({ data, at }) => [data.customerId, at]));
  const gone = await merges.mergesOf(await store.heardFrom(heardAt));
  if (gone.size === 0) return;
  const survivors = [...gone.values()]
    .map(({ absorbedId, into }) => [into, heardAt.get(absorbedId) as Date] as const)
    .toSorted(([, one], [, other]) => one.getTime() - other.getTime());
  await store.heardFrom(new Map(survivors));
  await write("customers", { meta: {} }, (tx) => {
    for (const { id: mergeId, absorbedId, casesWith, absorbed } of gone.values()) {
      if (!casesWith) continue;
      tx.announce({
        event: "customers.strayed",
        aggregate: { kind: "customer", id: absorbedId, version: absorbed.version + 1 },
        data: { mergeId, absorbedId },
      });
    }
    return Promise.resolve();
  });
}
