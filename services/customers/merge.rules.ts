/** What merging two customers does: one plan, which the preview shows and the merge carries out. */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { MergeParts, MergePlan } from "#shared/contracts/customers/merge.ts";
import { conflict, invalidField, stale } from "#shared/errors.ts";
import type { Joined as Accounts } from "./accounts.rules.ts";
import { identityOf, mostContactPoints } from "./contact-points.rules.ts";
import { whole, type Stamp } from "./customers.rules.ts";
import { joined as joinedOwners } from "./owners.rules.ts";
import type { Joined as Relations } from "./relations.rules.ts";

/** The two, as they are. */
export interface Pair {
  survivor: Customer;
  absorbed: Customer;
}

interface Asked {
  survivorId: string;
  absorbedId: string;
  survivorVersion?: number;
  absorbedVersion?: number;
  parts?: MergeParts;
}

const mostTags = 50;
/** Customers that may lead to one, however indirectly. */
const mostAbsorbed = 500;

/**
 * Refuses what can never be merged.
 * @throws 422 at `absorbedId` for a merge with itself
 */
export function requireTwo({ survivorId, absorbedId }: Asked): void {
  if (survivorId === absorbedId) {
    throw invalidField("absorbedId", "must be another customer than the survivor", "same");
  }
}

/**
 * Refuses a merge that was decided on something else than what is there.
 * @param absorbedBefore how many have been merged into either before
 * @throws 412 STALE_VERSION · 409 TOO_MANY_MERGES
 */
export function requireCurrent(
  { survivor, absorbed }: Pair,
  { survivorVersion, absorbedVersion }: Asked,
  absorbedBefore: number,
): void {
  const read = [
    { customer: survivor, version: survivorVersion },
    { customer: absorbed, version: absorbedVersion },
  ];
  for (const { customer, version } of read) {
    if (version !== undefined && version !== customer.version) {
      throw stale("customer", customer.id, customer.version);
    }
  }
  if (absorbedBefore >= mostAbsorbed) {
    throw conflict("TOO_MANY_MERGES", "Too many customers have been merged into these", {
      limit: mostAbsorbed,
    });
  }
}

/** What the plan is made of, besides the two. */
export interface Facts {
  parts: MergeParts;
  /** How many cases the absorbed has. */
  cases: number;
  /** What becomes of the absorbed's accounts, none where they are not chosen, and relations. */
  accounts: Accounts;
  relations: Relations;
  stamp: Stamp;
}

/** What is left out moves (F039). */
export const partsOf = ({ parts }: Asked): MergeParts =>
  parts ?? { contactPoints: true, accounts: true, cases: true };

/**
 * What moves, and the survivor as it is afterwards (F039, F040, F042). Its own basic information
 * stays as it is, also where it is empty: the user chose whom to keep, and nothing is filled in
 * unseen. Every contact point of the absorbed is either moved or doubled, every tag added, there
 * already, or left for want of room.
 * @throws 409 TOO_MANY_CONTACT_POINTS
 */
export function planned(
  { survivor, absorbed }: Pair,
  { parts, cases, accounts, relations, stamp }: Facts,
): { survivor: Customer; plan: MergePlan } {
  const contactPoints = contactPointsOf(survivor, parts.contactPoints ? absorbed : undefined);
  const tags = tagsOf(survivor, absorbed);
  const owners = joinedOwners(survivor.owners, absorbed.owners);
  const movedIds = new Set(contactPoints.moved);
  const points = absorbed.contactPoints.filter(({ id }) => movedIds.has(id));
  const counts = {
    contactPoints: contactPoints.moved.length,
    owners: owners.moved.length,
    tags: tags.added.length,
    accounts: accounts.moved.length,
    relations: relations.moved.length,
    cases: parts.cases ? cases : 0,
  };
  const heard = latest(survivor.lastInteractionAt, absorbed.lastInteractionAt);
  return {
    survivor: whole({
      ...survivor,
      contactPoints: [...survivor.contactPoints, ...points],
      tags: [...survivor.tags, ...tags.added],
      ...(owners.moved.length > 0 ? { owners: [...(survivor.owners ?? []), ...owners.moved] } : {}),
      ...(heard ? { lastInteractionAt: heard } : {}),
      version: survivor.version + 1,
      updatedAt: stamp.at,
      updatedBy: stamp.by,
    }),
    plan: { contactPoints, ...belongings({ accounts, relations }), owners, tags, counts },
  };
}

const belongings = ({
  accounts,
  relations,
}: Pick<Facts, "accounts" | "relations">): Pick<MergePlan, "accounts" | "relations"> => ({
  accounts: {
    moved: accounts.moved.map(({ after }) => after.id),
    collided: accounts.collided.map(({ ended, after }) => ({ id: ended.id, existingId: after.id })),
  },
  relations: {
    moved: relations.moved.map(({ after }) => after.id),
    dropped: relations.dropped.map(({ after }) => after.id),
  },
});

function contactPointsOf(
  survivor: Customer,
  absorbed: Customer | undefined,
): MergePlan["contactPoints"] {
  const own = new Map(survivor.contactPoints.map((point) => [identityOf(point), point.id]));
  const points = absorbed?.contactPoints ?? [];
  const doubled = points.flatMap((point) => {
    const existingId = own.get(identityOf(point));
    return existingId ? [{ id: point.id, existingId }] : [];
  });
  const isDoubled = new Set(doubled.map(({ id }) => id));
  const moved = points.map(({ id }) => id).filter((id) => !isDoubled.has(id));
  if (survivor.contactPoints.length + moved.length > mostContactPoints) {
    throw conflict("TOO_MANY_CONTACT_POINTS", "Together they have too many contact points", {
      limit: mostContactPoints,
    });
  }
  return { moved, doubled };
}

function tagsOf(survivor: Customer, absorbed: Customer): MergePlan["tags"] {
  const own = new Set(survivor.tags);
  const others = absorbed.tags.filter((tag) => !own.has(tag));
  const room = Math.max(0, mostTags - survivor.tags.length);
  return { added: others.slice(0, room), left: others.slice(room) };
}

const latest = (one: Date | undefined, other: Date | undefined): Date | undefined =>
  one && other ? (one > other ? one : other) : (one ?? other);
