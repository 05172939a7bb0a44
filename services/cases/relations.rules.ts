/** Which cases may be related, and what becomes of relations when cases are merged (F101-F103). Pure. */
import type { CaseRelation } from "#shared/contracts/cases/relations.ts";
import { conflict, invalidField } from "#shared/errors.ts";
import type { Stamp } from "./life.rules.ts";

/** Relations that one case may have. */
const mostRelations = 200;

/** A case that is unknown, or that the user may not read: both look the same. */
export const unknownCase = () => invalidField("relatedCaseId", "is not a case", "unknown");

/** @throws 422 VALIDATION_ERROR at `relatedCaseId` for a case and itself */
export function opened(
  { caseId, relatedCaseId }: Pick<CaseRelation, "caseId" | "relatedCaseId">,
  id: string,
  { at, by }: Stamp,
): CaseRelation {
  if (caseId === relatedCaseId) {
    throw invalidField("relatedCaseId", "must be another case", "same");
  }
  return { id, caseId, relatedCaseId, createdAt: at, createdBy: by };
}

/**
 * @param count how many a case has with the new one
 * @throws 409 TOO_MANY_RELATIONS
 */
export function requireRoom(count: number): void {
  if (count <= mostRelations) return;
  const limit = mostRelations;
  throw conflict("TOO_MANY_RELATIONS", "A case cannot have more relations", { limit });
}

/** The same for both of its cases. */
export const pairKeyOf = ({ caseId, relatedCaseId }: CaseRelation): string =>
  [caseId, relatedCaseId].toSorted().join("|");

export const otherOf = ({ caseId, relatedCaseId }: CaseRelation, id: string): string =>
  caseId === id ? relatedCaseId : caseId;

/** What becomes of the relations of a case that is merged into another. */
export interface Joined {
  moved: CaseRelation[];
  /** Between the two, or with a case that the survivor is related to already. */
  dropped: CaseRelation[];
}

/**
 * The absorbed case's relations as the survivor's.
 * @throws 409 TOO_MANY_RELATIONS
 */
export function joined(
  absorbed: readonly CaseRelation[],
  survivor: readonly CaseRelation[],
  { absorbedId, survivorId }: { absorbedId: string; survivorId: string },
): Joined {
  const own = survivor.map((one) => otherOf(one, survivorId)).filter((id) => id !== absorbedId);
  const taken = new Set([survivorId, ...own]);
  const isDropped = (one: CaseRelation) => taken.has(otherOf(one, absorbedId));
  const led = (id: string) => (id === absorbedId ? survivorId : id);
  const moved = absorbed
    .filter((one) => !isDropped(one))
    .map((one) => ({ ...one, caseId: led(one.caseId), relatedCaseId: led(one.relatedCaseId) }));
  requireRoom(own.length + moved.length);
  return { moved, dropped: absorbed.filter(isDropped) };
}

/** A relation that has moved, as it was. */
export const formerly = (
  relation: CaseRelation,
  { absorbedId, survivorId }: { absorbedId: string; survivorId: string },
): CaseRelation => {
  const led = (id: string) => (id === survivorId ? absorbedId : id);
  return {
    ...relation,
    caseId: led(relation.caseId),
    relatedCaseId: led(relation.relatedCaseId),
  };
};
