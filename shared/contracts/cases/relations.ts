/** Cases that have to do with one another (F101-F103): a link without a direction. */
import { actions } from "../../contract.ts";
import { id, instant, record, type Received, type Shape } from "../../fields.ts";
import { page, paging } from "../common.ts";

/** A link between two cases, as it is kept and told of. */
export type CaseRelation = Received<typeof CaseRelation>;
export const CaseRelation = {
  id,
  caseId: id,
  relatedCaseId: id,
  createdAt: instant,
  createdBy: id,
};

/** @param kase the shape of a case as it is read */
export const caseRelationActions = <S extends Shape>(kase: S) => {
  /** A link as seen from one of its cases. */
  const related = { id, relatedCase: record(kase), createdAt: instant, createdBy: id };

  return actions({
    listRelations: {
      rest: "GET /cases/:id/relations",
      needs: "cases.read",
      says: "The cases related to this one that the user may read, the first related first (F101, F103). A page may hold fewer than `limit`, even none, and go on.",
      params: { id, limit: paging.limit, cursor: paging.cursor },
      returns: page(related),
    },
    addRelation: {
      rest: "POST /cases/:id/relations",
      needs: "cases.change",
      says: "Relates a case to another, which `relatedCaseId` names by id or number (F102); closed ones, too (D04).",
      params: { id, relatedCaseId: id },
      returns: record(related),
    },
    deleteRelation: {
      rest: "DELETE /cases/:id/relations/:relationId",
      needs: "cases.change",
      status: 204,
      says: "Takes a relation off both cases.",
      params: { id, relationId: id },
    },
  });
};

const between = { id, caseId: id, relatedCaseId: id };

export const caseRelationEvents = {
  relationAdded: between,
  /** One of its cases was merged into another. */
  relationMoved: between,
  relationDeleted: between,
};

export const caseRelations = { caseRelation: CaseRelation };
