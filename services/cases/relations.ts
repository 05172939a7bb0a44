/** The actions on the relations between cases (F101-F103). */
import { actorOf } from "#shared/actor.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { CaseRelation } from "#shared/contracts/cases/relations.ts";
import { isRefusal } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { holdCase } from "./case-holds.store.ts";
import * as cases from "./cases.store.ts";
import { seenBy } from "./editing.ts";
import type { Stamp } from "./life.rules.ts";
import * as rules from "./relations.rules.ts";
import type { Joined } from "./relations.rules.ts";
import * as store from "./relations.store.ts";
import { sightOf } from "./scopes.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const relations = {
  /** @throws 404 NOT_FOUND; 308 MOVED where it was merged */
  async listRelations(ctx: Asked<"listRelations">) {
    const { id: idOrNumber, ...paging } = ctx.params;
    const { readable, shown } = await sightOf(ctx);
    const { id } = await cases.get(idOrNumber, readable);

    return store.page(id, paging, async (found) => {
      const ids = found.map((one) => rules.otherOf(one, id));
      const others = new Map((await cases.getAmong(ids, readable)).map((one) => [one.id, one]));
      return found.map((one) => {
        const other = others.get(rules.otherOf(one, id));
        return other && seen(one, shown(other));
      });
    });
  },

  /**
   * Relates two cases, of which the user sees the first and may read the other.
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 RELATION_EXISTS, TOO_MANY_RELATIONS; 422 at
   *   `relatedCaseId` where it is not another case that the user may read
   */
  async addRelation(ctx: Asked<"addRelation">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const other = await readableOther(ctx);
    const pair = { caseId: kase.id, relatedCaseId: other.id };
    const stamp = { at: new Date(), by: actorOf(ctx).id };

    return write("cases", ctx, async (tx) => seen(await relate(tx, pair, stamp), other));
  },

  /** @throws 403 READ_ONLY; 404 NOT_FOUND */
  async deleteRelation(ctx: Asked<"deleteRelation">): Promise<void> {
    const { id, relationId } = ctx.params;
    const { kase } = await seenBy(ctx, id);

    await write("cases", ctx, async (tx) => {
      const relation = await store.get({ caseId: kase.id, relationId }, tx.session);
      await store.bury([relation], { at: new Date(), by: actorOf(ctx).id }, tx.session);
      tellOfRelation(tx, "cases.relationDeleted", { before: relation });
    });
  },
};

/**
 * Relates two cases in a transaction of the caller's.
 * @throws 404 where one was merged since it was read; 409 RELATION_EXISTS, TOO_MANY_RELATIONS; 422
 *   for a case and itself
 */
export async function relate(
  tx: Tx<"cases">,
  pair: Pick<CaseRelation, "caseId" | "relatedCaseId">,
  stamp: Stamp,
): Promise<CaseRelation> {
  const relation = rules.opened(pair, newId(), stamp);
  const ids = [pair.caseId, pair.relatedCaseId].toSorted();
  for (const id of ids) await holdCase(id, tx.session);
  await store.insert(relation, tx.session);
  for (const id of ids) rules.requireRoom(await store.countOf(id, tx.session));
  tellOfRelation(tx, "cases.relationAdded", { after: relation });
  return relation;
}

/** One that was merged is named by its survivor: that is the case to be related. */
async function readableOther(ctx: Asked<"addRelation">) {
  const { readable, shown } = await sightOf(ctx);
  try {
    return shown(await cases.getLedTo(ctx.params.relatedCaseId, readable));
  } catch (error) {
    throw isRefusal(error) && error.type === "NOT_FOUND" ? rules.unknownCase() : error;
  }
}

const seen = <C extends object>({ id, createdAt, createdBy }: CaseRelation, relatedCase: C) => ({
  id,
  relatedCase,
  createdAt,
  createdBy,
});

/** Tells of a relation that is there now, is another's, or is not there any more. */
function tellOfRelation(
  tx: Tx<"cases">,
  event: "cases.relationAdded" | "cases.relationMoved" | "cases.relationDeleted",
  { before, after }: { before?: CaseRelation; after?: CaseRelation },
): void {
  const told = after ?? before;
  if (!told) return;
  const { id, caseId, relatedCaseId } = told;
  tx.announce({
    event,
    aggregate: { kind: "caseRelation", id, version: 1 },
    key: caseId,
    changes: changesBetween(before ?? {}, after ?? {}),
    data: { id, caseId, relatedCaseId },
  });
}

/** The relations of an absorbed case are the survivor's, where it has not the like (F094). */
export async function moveRelations(
  tx: Tx<"cases">,
  { survivorId, absorbedId }: { survivorId: string; absorbedId: string },
  stamp: Stamp,
): Promise<Joined> {
  const relations = await store.joinedInto(survivorId, absorbedId, tx.session);
  await store.bury(relations.dropped, stamp, tx.session);
  await store.keepMoved(relations.moved, tx.session);
  for (const before of relations.dropped) tellOfRelation(tx, "cases.relationDeleted", { before });
  for (const after of relations.moved) {
    const before = rules.formerly(after, { survivorId, absorbedId });
    tellOfRelation(tx, "cases.relationMoved", { before, after });
  }
  return relations;
}
