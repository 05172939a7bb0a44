/** A person's own rights: to get everything that is kept, and to be erased (B08). */
import { actions, doors } from "../../contract.ts";
import { id, instant, list, oneOf, optional, record, text, type Received } from "../../fields.ts";
import { page, paging } from "../common.ts";
import { ErasedKind, Subject } from "../privacy.ts";

const state = oneOf("running", "blocked", "done");

/** The erasure of a customer, and what has become of it so far. */
export type Erasure = Received<typeof Erasure>;
export const Erasure = {
  id,
  customerId: id,
  /** `blocked`: a legal hold forbids to go on. */
  state,
  reason: text(500),
  requestedBy: id,
  createdAt: instant,
  updatedAt: instant,
  finishedAt: optional(instant),
  /** The service that is away, while it goes on as soon as that is back. */
  waitsFor: optional(text(40)),
  report: list(record(ErasedKind), 200),
};

export type LegalHold = Received<typeof LegalHold>;
export const LegalHold = { customerId: id, reason: text(500), createdAt: instant, createdBy: id };

export const privacyActions = actions({
  erase: {
    rest: "POST /customers/:id/erasure",
    needs: "customers.privacy",
    status: 202,
    says: "Erases a customer for good, everywhere; counts and times stay (B08).",
    params: {
      id,
      /** Why, such as the request's number; it stays, so it names nobody. */
      reason: text(500),
      /** The customer's display name or document number, word for word. */
      confirm: text(400),
    },
    returns: record({ id, state }),
  },
  getErasure: {
    rest: "GET /erasures/:id",
    needs: "customers.privacy",
    says: "An erasure with its report: what was found, erased and kept, and why.",
    params: { id },
    returns: record(Erasure),
  },
  listErasures: {
    rest: "GET /erasures",
    needs: "customers.privacy",
    says: "The erasures, newest first.",
    params: { ...paging, state: optional(state) },
    returns: page(Erasure),
  },
  setLegalHold: {
    rest: "PUT /customers/:id/legal-hold",
    needs: "customers.privacy",
    says: "Forbids to erase the customer; an erasure under way stops before its next step.",
    params: { id, reason: text(500) },
    returns: record(LegalHold),
  },
  getLegalHold: {
    rest: "GET /customers/:id/legal-hold",
    needs: "customers.privacy",
    says: "The customer's legal hold; 404 where there is none.",
    params: { id },
    returns: record(LegalHold),
  },
  liftLegalHold: {
    rest: "DELETE /customers/:id/legal-hold",
    needs: "customers.privacy",
    status: 204,
    says: "Lifts the legal hold; an erasure that it stopped goes on.",
    params: { id },
  },
  /** Those of these customers whose data a legal hold keeps, on them or on who stands for them. */
  underLegalHold: { params: { ids: list(id, 5_000) }, returns: list(id, 5_000) },
  /** Whose data is about to be handed out: noted in the change log. 404 where there is none. */
  openPersonalData: { params: { id }, returns: record(Subject) },
});

export const privacyDoors = doors({
  exportPersonalData: {
    rest: "GET /customers/:id/personal-data",
    needs: "customers.privacy",
    produces: "application/zip",
    says: "Everything that is kept about the customer, from every service, as one archive (B08).",
    accepts: { id },
  },
});

export const privacyEvents = {
  personalDataExported: { id },
  erased: { id, erasureId: id },
  erasureFinished: { id, customerId: id },
  legalHoldSet: { id },
  legalHoldLifted: { id },
};
