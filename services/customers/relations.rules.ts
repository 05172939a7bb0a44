/** What relates two customers, how each sees it, and what becomes of it in a merge. Pure. */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { CustomerRelation, Relation } from "#shared/contracts/customers/relations.ts";
import { conflict, invalidField } from "#shared/errors.ts";
import { documentOf, type Stamp } from "./customers.rules.ts";

/** The most relations that one customer may have. */
const mostRelations = 500;

type Labels = Pick<Relation, "label" | "relatedLabel">;
type Sides = Pick<CustomerRelation, "sourceCustomerId" | "targetCustomerId">;

/**
 * A new relation (F047, F048).
 * @throws 422 at `relatedCustomerId` for a relation with oneself
 */
export function opened(
  said: Sides & Pick<CustomerRelation, "sourceLabel" | "targetLabel">,
  { id, at, by }: Stamp & { id: string },
): CustomerRelation {
  if (said.sourceCustomerId === said.targetCustomerId) {
    throw invalidField("relatedCustomerId", "must be another customer", "self");
  }
  return { id, ...said, version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
}

/** A related customer that is not there. */
export const unknownCustomer = () =>
  invalidField("relatedCustomerId", "is not a customer", "unknown");

/** @throws 409 TOO_MANY_RELATIONS where a customer would have more than 500 */
export function requireRoom(count: number): void {
  if (count <= mostRelations) return;
  throw conflict("TOO_MANY_RELATIONS", "A customer would have too many relations", {
    limit: mostRelations,
  });
}

/**
 * A relation with other labels, as one of its customers gives them; without a difference it is
 * `current` itself (F046).
 */
export function relabelled(
  current: CustomerRelation,
  customerId: string,
  labels: { [K in keyof Labels]?: Labels[K] | undefined },
  stamp: Stamp,
): CustomerRelation {
  const seen = labelsFrom(current, customerId);
  const { label = seen.label, relatedLabel = seen.relatedLabel } = labels;
  if (label === seen.label && relatedLabel === seen.relatedLabel) return current;
  const kept = isSource(current, customerId)
    ? { sourceLabel: label, targetLabel: relatedLabel }
    : { sourceLabel: relatedLabel, targetLabel: label };
  return next({ ...current, ...kept }, stamp);
}

/** The version of a relation that tells of its end. */
export const ended = (relation: CustomerRelation, stamp: Stamp): CustomerRelation =>
  next(relation, stamp);

const next = (relation: CustomerRelation, { at, by }: Stamp): CustomerRelation => ({
  ...relation,
  version: relation.version + 1,
  updatedAt: at,
  updatedBy: by,
});

// ── How it is seen ───────────────────────────────────────────────────────────

const isSource = ({ sourceCustomerId }: Sides, customerId: string): boolean =>
  sourceCustomerId === customerId;

/** The customer on the other side. */
export const otherOf = (relation: Sides, customerId: string): string =>
  isSource(relation, customerId) ? relation.targetCustomerId : relation.sourceCustomerId;

/** The same for a pair from whichever side: what must be unique. */
export const pairKeyOf = ({ sourceCustomerId, targetCustomerId }: Sides): string =>
  [sourceCustomerId, targetCustomerId].sort().join(" ");

const labelsFrom = (relation: CustomerRelation, customerId: string): Labels =>
  isSource(relation, customerId)
    ? { label: relation.sourceLabel, relatedLabel: relation.targetLabel }
    : { label: relation.targetLabel, relatedLabel: relation.sourceLabel };

/** A relation as one of its customers sees it (F049). */
export function seenFrom(
  relation: CustomerRelation,
  customerId: string,
  others: readonly Customer[],
): Relation {
  const {
    sourceCustomerId: _source,
    targetCustomerId: _target,
    sourceLabel: _sourceLabel,
    targetLabel: _targetLabel,
    ...rest
  } = relation;
  const otherId = otherOf(relation, customerId);
  const other = others.find(({ id }) => id === otherId);
  const document = other && documentOf(other);
  const relatedCustomer = {
    id: otherId,
    name: other?.displayName ?? "",
    ...(document ? { document } : {}),
  };
  return { ...rest, relatedCustomer, ...labelsFrom(relation, customerId) };
}

// ── When two customers become one ────────────────────────────────────────────

export interface Joined {
  /** Relations that change hands, as they were and as they are now. */
  moved: { before: CustomerRelation; after: CustomerRelation }[];
  /** Those that end: between the two themselves, or with whom the other is related already. */
  dropped: { before: CustomerRelation; after: CustomerRelation }[];
}

/**
 * What becomes of one customer's relations when another takes them over (P7).
 * @throws 409 TOO_MANY_RELATIONS where both together have more than 500
 */
export function joined(
  theirs: readonly CustomerRelation[],
  { from, into, own }: { from: string; into: string; own: readonly CustomerRelation[] },
  stamp: Stamp,
): Joined {
  const taken = new Set([into, ...own.map((relation) => otherOf(relation, into))]);
  const isTaken = (relation: CustomerRelation) => taken.has(otherOf(relation, from));
  const moving = theirs.filter((relation) => !isTaken(relation));
  requireRoom(own.length + moving.length);

  return {
    moved: moving.map((before) => ({
      before,
      after: next(
        {
          ...before,
          ...(isSource(before, from) ? { sourceCustomerId: into } : { targetCustomerId: into }),
        },
        stamp,
      ),
    })),
    dropped: theirs.filter(isTaken).map((before) => ({ before, after: ended(before, stamp) })),
  };
}
