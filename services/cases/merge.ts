/** Merging cases: what would move, the switch itself, and who follows (F093-F100, D02, D03, P7). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { CaseMerge } from "#shared/contracts/cases/merge.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { isAbsence } from "#shared/faults.ts";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { firstAnswer, write, type Tx } from "#shared/mongo/write.ts";
import { readOnly } from "#shared/errors.ts";
import type { Filter } from "#shared/visibility.ts";
import { moveToCase as moveActivities } from "./activities.store.ts";
import * as cases from "./cases.store.ts";
import { changesOf } from "./changing.rules.ts";
import { moveToCase as moveDrafts } from "./drafts.store.ts";
import { keepEdited } from "./editing.ts";
import { mergeCustomers } from "./merging-customers.ts";
import * as rules from "./merge.rules.ts";
import * as merges from "./merges.store.ts";
import { moveToCase as moveNotes } from "./notes.store.ts";
import { leaveClosed } from "./presence.ts";
import { joinedInto } from "./relations.store.ts";
import { moveRelations } from "./relations.ts";
import { sightOf } from "./scopes.ts";
import { moveToCase as moveTabValues } from "./tabs.store.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;
type Merging = Asked<"merge">;

export const caseMerging = {
  /**
   * What a merge would do, by the same rules that do it, as of one moment (D03).
   * @throws what `merge` throws
   */
  async previewMerge(ctx: Asked<"previewMerge">) {
    const found = await foundFor(ctx);
    const customers = found.customers && {
      ...found.customers,
      ...(await partsAndPlan(ctx, found.customers)),
    };

    return transaction("cases", async (session) => {
      const pair = await again(ctx, found, session);
      const { survivor, absorbed } = pair;
      const relations = await joinedInto(survivor.id, absorbed.id, session);
      const { filled } = rules.combined(pair, found.stamp);
      const plan = rules.planOf(pair, { ...found, filled, relations });
      return { survivor, absorbed, plan, ...(customers ? { customers } : {}) };
    });
  },

  /**
   * Merges for good: in one transaction the absorbed case is closed and leads to the survivor, which
   * has what both had. Interactions and files follow by the event; until then they are read together
   * (decision 25).
   * @throws 404 · 403 READ_ONLY · 409 CASE_CLOSED, MERGE_NOT_ALLOWED, MERGE_UNDER_WAY and what the
   *   survivor would have too much of, or why the customers cannot be merged · 412 · 422
   */
  async merge(ctx: Merging) {
    const before = await firstAnswer<Awaited<ReturnType<typeof kept>>>("cases", ctx);
    if (before) return before;
    const found = await foundFor(ctx);
    if (found.customers) await partsAndPlan(ctx, found.customers); // refuses what it would refuse

    const done = await kept(ctx, found);
    if (!done.merge.customers) return done;
    const merge = await mergeCustomers(ctx, done.merge).catch((error: unknown) => {
      if (!isAbsence(error)) throw error;
      return done.merge; // the event goes on with it
    });
    return { ...done, merge };
  },

  async listMerges(ctx: Asked<"listMerges">) {
    const { id, ...paging } = ctx.params;
    const { readable } = await sightOf(ctx);
    const survivor = await cases.get(id, readable);
    const page = await merges.listInto(survivor.id, paging);
    const ids = page.items.map(({ absorbedId }) => absorbedId);
    const absorbed = new Map((await cases.getAmong(ids, {})).map((kase) => [kase.id, kase]));

    const items = page.items.flatMap((merge) => {
      const kase = absorbed.get(merge.absorbedId);
      return kase ? [{ ...merge, absorbed: kase }] : [];
    });
    return { ...page, items };
  },
};

interface Found {
  pair: rules.Pair;
  visible: Filter;
  customers: ReturnType<typeof rules.customersOf>;
  /** How many files the absorbed case has. */
  files: number;
  stamp: { at: Date; by: string };
}

/** Both cases as the user sees them, and what the neighbours say to it. */
async function foundFor(ctx: Merging): Promise<Found> {
  const { params } = ctx;
  const { visible, readable, shown } = await sightOf(ctx);
  const seen = async (idOrNumber: string) => {
    const kase = shown(await cases.get(idOrNumber, readable));
    if (kase.readOnly) throw readOnly("case", kase.id);
    return kase;
  };
  const own = await seen(params.id);
  const kept = await seen(params.survivorCaseId);
  const other = params.otherCaseId === undefined ? kept : await seen(params.otherCaseId);
  const pair = rules.pairOf({ own, other, kept }, params);
  rules.requireMergeable(pair, params);
  const customers = rules.customersOf(pair, params);
  const campaignIds = [...new Set([own.campaignId, other.campaignId])];
  const describe = (id: string) => ctx.call("campaigns.describe", { id });
  rules.requireAllowed(await Promise.all(campaignIds.map(describe)));
  const { count: files } = await ctx.call("files.countOfCases", {
    caseIds: [pair.absorbed.id, ...formerIdsOf(pair.absorbed)],
  });
  return { pair, visible, customers, files, stamp: { at: new Date(), by: actorOf(ctx).id } };
}

const formerIdsOf = ({ absorbed = [] }: rules.Pair["absorbed"]): string[] =>
  absorbed.map(({ id }) => id);

/** @throws what merging them would throw */
async function partsAndPlan(ctx: Merging, pair: { survivorId: string; absorbedId: string }) {
  const { plan } = await ctx.call("customers.previewMerge", pair);
  return { parts: { contactPoints: true, accounts: true, cases: true }, plan };
}

/** The same two, as this transaction sees them. */
async function again(
  { params }: Merging,
  { pair, visible, customers }: Found,
  session: Tx<"cases">["session"],
): Promise<rules.Pair> {
  const survivor = await cases.get(pair.survivor.id, visible, session);
  const absorbed = await cases.get(pair.absorbed.id, visible, session);
  rules.requireMergeable({ survivor, absorbed }, params);
  if (customers) rules.customersOf({ survivor, absorbed }, params);
  await merges.requireSettled([survivor.id, absorbed.id], session);
  return { survivor, absorbed };
}

const kept = (ctx: Merging, found: Found) =>
  write("cases", ctx, async (tx) => {
    const pair = await again(ctx, found, tx.session);
    const after = rules.combined(pair, found.stamp);
    const ids = { survivorId: pair.survivor.id, absorbedId: pair.absorbed.id };
    const relations = await moveRelations(tx, ids, found.stamp);
    for (const move of [moveActivities, moveNotes, moveDrafts, moveTabValues]) {
      await move(ids.absorbedId, ids.survivorId, tx.session);
    }
    const plan = rules.planOf(pair, { ...found, filled: after.filled, relations });
    const { survivor, absorbed } = after;

    await keepEdited(tx, [
      { before: pair.survivor, after: survivor },
      { before: pair.absorbed, after: absorbed },
    ]);
    await leaveClosed(tx, absorbed.id);
    const merge: CaseMerge = {
      id: newId(),
      ...ids,
      absorbedNumber: absorbed.number,
      state: "moving",
      counts: plan.counts,
      ...(found.customers ? { customers: { ...found.customers, state: "waiting" } } : {}),
      createdAt: found.stamp.at,
      createdBy: found.stamp.by,
    };
    await keep(tx, merge, pair);
    announce(tx, merge, pair, after);
    return { survivor, merge };
  });

const countsOf = ({ survivor, absorbed }: rules.Pair) => ({
  survivorNumber: survivor.number,
  survivorCount: survivor.interactionCount,
  absorbedCount: absorbed.interactionCount,
});

const keep = ({ session }: Tx<"cases">, merge: CaseMerge, pair: rules.Pair) =>
  merges.keep(
    {
      ...merge,
      ...countsOf(pair),
      parties: [merge.survivorId, merge.absorbedId],
      into: merge.survivorId,
      waiting: ["interactions", "files", ...(merge.customers ? ["customers"] : [])],
    },
    formerIdsOf(pair.absorbed),
    session,
  );

/** Each of the two has its own event, so that what is told of either stays in order. */
function announce(
  tx: Tx<"cases">,
  { id: mergeId, survivorId, absorbedId }: CaseMerge,
  before: rules.Pair,
  after: rules.Pair,
): void {
  const both = { mergeId, survivorId, absorbedId, ...countsOf(before) };
  tx.announce({
    event: "cases.merged",
    aggregate: { kind: "case", id: survivorId, version: after.survivor.version },
    changes: changesOf(before.survivor, after.survivor),
    data: { id: survivorId, ...both },
  });
  tx.announce({
    event: "cases.absorbed",
    aggregate: { kind: "case", id: absorbedId, version: after.absorbed.version },
    changes: changesOf(before.absorbed, after.absorbed),
    data: { id: absorbedId, ...both },
  });
}

type Moved = DomainEvent<"interactions.caseMoved" | "files.caseMoved">;

export const mergeListeners = {
  "interactions.caseMoved": ({ data, at }: Moved, { session }: Tx<"cases">) =>
    merges.arrived(data.mergeId, "interactions", { at }, session),

  "files.caseMoved": ({ data: { mergeId, moved }, at }: Moved, { session }: Tx<"cases">) =>
    merges.arrived(mergeId, "files", { at, known: { "counts.files": moved ?? 0 } }, session),
};
