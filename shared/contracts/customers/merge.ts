/** Two customers that are one: what a merge moves, and what becomes of both (F037-F044, D03). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  personal,
  record,
  says,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { page, paging, version } from "../common.ts";
import { Customer, CustomerOwner } from "./customer.ts";

/** What the user chooses to move (F039); what is left out moves. */
export type MergeParts = Received<typeof MergeParts>;
export const MergeParts = {
  contactPoints: withDefault(yesNo, true),
  accounts: withDefault(yesNo, true),
  cases: withDefault(yesNo, true),
};

const count = whole(0, 1_000_000_000);

/** How much moves, by part; as the preview tells it and as the merge has done it. */
export type MergeCounts = Received<typeof MergeCounts>;
export const MergeCounts = {
  contactPoints: count,
  accounts: count,
  relations: count,
  owners: count,
  tags: count,
  cases: count,
};

/** What moves and what meets its like at the survivor, which then stays as it is (D03). */
export type MergePlan = Received<typeof MergePlan>;
export const MergePlan = {
  contactPoints: record({
    moved: list(id, 200),
    /** The survivor has the same address already, as `existingId`. */
    doubled: list(record({ id, existingId: id }), 200),
  }),
  accounts: record({
    moved: list(id, 500),
    /** The survivor has the number already: its account `existingId` takes over what it lacks. */
    collided: list(record({ id, existingId: id }), 500),
  }),
  relations: record({
    moved: list(id, 500),
    /** Between the two, or with somebody whom the survivor is related to already. */
    dropped: list(id, 500),
  }),
  owners: record({
    moved: list(record(CustomerOwner), 200),
    /** The survivor has an owner for the same campaign, or for all of them. */
    left: list(record(CustomerOwner), 200),
  }),
  tags: record({
    added: list(text(60), 50),
    /** No room: a customer has at most 50. */
    left: list(text(60), 50),
  }),
  counts: record(MergeCounts),
};

/** A merge that has taken place; `moving` until all services carry the survivor's id. */
export type Merge = Received<typeof Merge>;
export const Merge = {
  id,
  survivorId: id,
  absorbedId: id,
  parts: record(MergeParts),
  state: oneOf("moving", "done"),
  /** Of cases, those found at the start; once `done`, those that were moved. */
  counts: record(MergeCounts),
  createdAt: instant,
  createdBy: id,
  doneAt: optional(instant),
};

const asked = {
  survivorId: says("Who is kept (F040).", id),
  absorbedId: says("Who goes; its id leads to the survivor for ever.", id),
  parts: says("What moves; without it, everything.", optional(record(MergeParts))),
  survivorVersion: says("Refuses with 412 when the survivor has another.", optional(version)),
  absorbedVersion: says("Refuses with 412 when the absorbed has another.", optional(version)),
};

/** Where a customer's id leads, for those who keep it elsewhere. */
export type Identity = Received<typeof Identity>;
export const Identity = {
  id,
  /** Whom messages from its addresses belong to; itself where it was not merged. */
  survivorId: id,
  /** Whose id its cases carry, or will in a moment; itself where they stayed. */
  casesWith: id,
  /** All the ids whose cases go by `casesWith`, that itself included. */
  sharing: list(id, 600),
};

export const mergeActions = actions({
  previewMerge: {
    rest: "POST /customers/merge/preview",
    needs: "customers.merge",
    status: 200,
    says: "Shows both customers and exactly what a merge would move (F041, D03); changes nothing.",
    params: asked,
    returns: record({
      survivor: record(Customer),
      absorbed: record(Customer),
      plan: record(MergePlan),
    }),
  },
  /** Internal callers may use it too, on behalf of the user who asks them (F045). */
  merge: {
    rest: "POST /customers/merge",
    needs: "customers.merge",
    says: "Merges two customers for good (F038-F044): answers the one that is kept.",
    params: asked,
    returns: record({ survivor: record(Customer), merge: record(Merge) }),
  },
  listMerges: {
    rest: "GET /customers/:id/merges",
    needs: "customers.read",
    says: "The merges that led to this customer, newest first.",
    params: { id, ...paging },
    returns: page(Merge),
  },
  /** Unknown ids are left out. */
  identify: {
    params: { ids: list(id, 200) },
    returns: list(record(Identity), 200),
  },
});

export const mergeEvents = {
  merged: { mergeId: id, survivorId: id, absorbedId: id, cases: yesNo },
  /** The same for the change log of the one that went. */
  absorbed: { id, survivorId: id, mergeId: id },
  /** Something was kept for a merged customer after all: who keeps customer ids looks again. */
  strayed: { mergeId: id, absorbedId: id },
};

/** What a service announces when it carries the survivor's id everywhere. */
export const customerMoved = { mergeId: id, absorbedId: id, moved: optional(count) };

export const describedCustomer = {
  id,
  name: personal(text(400, 0)),
  document: optional(personal(text(110))),
  /** Only where it is: gets messages and cases of them, but none by hand (G18). */
  disabled: optional(yesNo),
  /** It was merged into this one. */
  mergedInto: optional(id),
};
