/** Relations between two customers, such as mother and son (F046-F049). */
import { actions } from "../../contract.ts";
import { id, optional, personal, record, text, type Received } from "../../fields.ts";
import { page, paging, trail, version } from "../common.ts";

const label = personal(text(80));

/** A relation as it is kept: what the source is to the target, and the target to the source. */
export type CustomerRelation = Received<typeof CustomerRelation>;
export const CustomerRelation = {
  id,
  sourceCustomerId: id,
  targetCustomerId: id,
  sourceLabel: label,
  targetLabel: label,
  ...trail,
};

/** A relation as one of its two customers sees it. */
export type Relation = Received<typeof Relation>;
export const Relation = {
  id,
  /** The other customer; without a name where it is gone. */
  relatedCustomer: record({
    id,
    name: personal(text(400, 0)),
    document: optional(personal(text(110))),
  }),
  /** What this customer is to the other. */
  label,
  /** What the other is to this customer. */
  relatedLabel: label,
  ...trail,
};

export const relationActions = actions({
  listRelations: {
    rest: "GET /customers/:id/relations",
    needs: "customers.read",
    says: "The customers that a customer is related to, from whichever side (F046, F049).",
    params: { id, ...paging },
    returns: page(Relation),
  },
  addRelation: {
    rest: "POST /customers/:id/relations",
    needs: "customers.write",
    says: "Relates a customer to another: `sourceLabel` is what this one is to the other, `targetLabel` what the other is to this one (F047, F048).",
    params: { id, relatedCustomerId: id, sourceLabel: label, targetLabel: label },
    returns: record(Relation),
  },
  getRelation: {
    rest: "GET /customers/:id/relations/:relationId",
    needs: "customers.read",
    says: "One relation, as this customer sees it.",
    params: { id, relationId: id },
    returns: record(Relation),
  },
  changeRelation: {
    rest: "PATCH /customers/:id/relations/:relationId",
    needs: "customers.write",
    guarded: "required",
    says: "Changes the labels of a relation, as this customer sees them (F046).",
    params: {
      id,
      relationId: id,
      version,
      label: optional(label),
      relatedLabel: optional(label),
    },
    returns: record(Relation),
  },
  deleteRelation: {
    rest: "DELETE /customers/:id/relations/:relationId",
    needs: "customers.write",
    status: 204,
    says: "Deletes a relation, for both customers (F046, D16).",
    params: { id, relationId: id },
  },
});

const between = { id, sourceCustomerId: id, targetCustomerId: id };

export const relationEvents = {
  relationAdded: between,
  relationChanged: between,
  relationDeleted: between,
};
