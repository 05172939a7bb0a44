/** Merging customers: what would move, the switch itself, and the services that follow (F037-F044). */
import type { Merge } from "#shared/contracts/customers/merge.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import { changesBetween, lookupsOf } from "./customers.rules.ts";
import * as store from "./customers.store.ts";
import * as rules from "./merge.rules.ts";
import * as merges from "./merges.store.ts";

/** Who keeps customer ids and has to carry the survivor's; each says when it does. */
const followers = ["cases", "interactions", "files"];

export const merging = {
  /**
   * What a merge would do, by the same rule that does it (D03).
   * @throws what `merge` throws
   */
  async previewMerge(ctx: Asked<"previewMerge">) {
    rules.requireTwo(ctx.params);
    const parts = rules.partsOf(ctx.params);
    const cases = parts.cases ? await casesOf(ctx) : 0;
    const pair = await pairOf(ctx);
    const { plan } = rules.planned(pair, { parts, cases, stamp: stamp(ctx) });

    return { ...pair, plan };
  },

  /**
   * Merges for good: in one transaction the absorbed becomes a tombstone and what was chosen is the
   * survivor's. Cases, messages and files follow by the event; until then they are read under both
   * ids (decision 15).
   * @throws 422 with itself · 404 · 409 CUSTOMER_MERGED with `survivorId`, TOO_MANY_CONTACT_POINTS
   *   or TOO_MANY_MERGES · 412 where a version that was sent is stale
   */
  async merge(ctx: Asked<"merge">) {
    rules.requireTwo(ctx.params);
    const parts = rules.partsOf(ctx.params);
    const cases = parts.cases ? await casesOf(ctx) : 0;

    return write("customers", ctx, async (tx) => {
      const before = await pairOf(ctx, tx);
      const by = stamp(ctx);
      const { survivor, plan } = rules.planned(before, { parts, cases, stamp: by });
      const merge: Merge = {
        id: newId(),
        survivorId: survivor.id,
        absorbedId: before.absorbed.id,
        parts,
        state: "moving",
        counts: plan.counts,
        createdAt: by.at,
        createdBy: by.by,
      };
      await keep(merge, before, survivor, tx);
      announce(merge, before, survivor, tx);
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
  const [identity] = await merges.identify([ctx.params.absorbedId]);
  if (identity?.survivorId !== ctx.params.absorbedId) return 0; // refused in a moment
  return (await ctx.call("cases.countOf", { customerIds: identity.sharing })).count;
}

async function pairOf(ctx: Asked<"merge">, tx?: Tx<"customers">): Promise<rules.Pair> {
  const { survivorId, absorbedId } = ctx.params;
  const survivor = await store.get(survivorId, tx?.session);
  const absorbed = await store.get(absorbedId, tx?.session);
  const before = await merges.countInto([survivorId, absorbedId], tx?.session);
  rules.requireCurrent({ survivor, absorbed }, ctx.params, before);
  return { survivor, absorbed };
}

async function keep(
  merge: Merge,
  { absorbed }: rules.Pair,
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
  await store.replace(survivor, lookupsOf(survivor), session);
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
 * Messages were received of these customers (F005). One that was on its way when its customer was
 * merged may have opened a case for the absorbed after the services had moved everything: then they
 * are told to look again.
 */
export async function heard(
  events: DomainEvent<"interactions.received">[],
  tx: Tx<"customers">,
): Promise<void> {
  const heardAt = new Map(events.map(({ data, at }) => [data.customerId, at]));
  const gone = await merges.mergesOf(await store.heardFrom(heardAt, tx.session), tx.session);
  if (gone.size === 0) return;
  const survivors = [...gone.values()]
    .map(({ absorbedId, into }) => [into, heardAt.get(absorbedId) as Date] as const)
    .toSorted(([, one], [, other]) => one.getTime() - other.getTime());
  await store.heardFrom(new Map(survivors), tx.session);
  for (const { id: mergeId, absorbedId, casesWith, absorbed } of gone.values()) {
    if (!casesWith) continue;
    tx.announce({
      event: "customers.strayed",
      aggregate: { kind: "customer", id: absorbedId, version: absorbed.version + 1 },
      data: { mergeId, absorbedId },
    });
  }
}
