/** Who attends a customer, and who may decide it (F014-F019). */
import type { Change } from "#shared/contracts/common.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { Customer, CustomerOwner } from "#shared/contracts/customers/customer.ts";
import { conflict, invalidField, notFound, notYours } from "#shared/errors.ts";
import type { Stamp } from "./customers.rules.ts";

/** The most owners of one customer. */
const mostOwners = 200;

/** A campaign, or none: all of them. */
type Scope = string | undefined;

/** Who attends a customer in a campaign: its own owner before the one for all (F019). */
export const ownerIn = (owners: readonly CustomerOwner[], campaignId: string) =>
  ownerOf(owners, campaignId) ?? ownerOf(owners, undefined);

const ownerOf = (owners: readonly CustomerOwner[], scope: Scope): CustomerOwner | undefined =>
  owners.find(({ campaignId }) => campaignId === scope);

/** Who asks, and whether every customer is theirs to decide about, as it is an administrator's. */
interface Asker {
  id: string;
  decidesAll: boolean;
}

/**
 * Lets administrators pass, and the current owner of the scope or of all campaigns (F017).
 * @throws 403 FORBIDDEN
 */
export function requireMayDecide(
  { id, decidesAll }: Asker,
  owners: readonly CustomerOwner[] = [],
  scope: Scope,
): void {
  const may = [ownerOf(owners, scope), ownerOf(owners, undefined)];
  if (decidesAll || may.some((owner) => owner?.userId === id)) return;
  throw notYours("Only administrators and the customer's assigned user may change who it is");
}

/**
 * Only who works, and in the campaign if one is named, can attend its customers.
 * @throws 422 at `userId`
 */
export function requireAssignable(
  user: { id: string; disabled: boolean } | undefined,
  campaign: Pick<Campaign, "agents" | "supervisorIds"> | undefined,
): void {
  if (!user) throw invalidField("userId", "is not a user", "unknown");
  if (user.disabled) throw invalidField("userId", "is a user who is disabled", "disabled");
  const within =
    !campaign ||
    campaign.supervisorIds.includes(user.id) ||
    campaign.agents.some(({ userId }) => userId === user.id);
  if (!within) throw invalidField("userId", "does not work in the campaign", "campaign");
}

/**
 * A customer whom a user attends from now on. For all campaigns means in every one: whoever
 * attended the customer in a single campaign does no longer (F015). Without a difference it is
 * `current` itself.
 * @throws 409 TOO_MANY_OWNERS beyond 200
 */
export function withOwner(
  current: Customer,
  { userId, campaignId }: CustomerOwner,
  stamp: Stamp,
): Customer {
  const { owners = [] } = current;
  const others = remaining(owners, campaignId);
  const set = { userId, ...(campaignId ? { campaignId } : {}) };
  const same =
    ownerOf(owners, campaignId)?.userId === userId && others.length === owners.length - 1;
  if (same) return current;
  if (others.length >= mostOwners) {
    throw conflict("TOO_MANY_OWNERS", "The customer has too many assigned users", {
      limit: mostOwners,
    });
  }
  return stamped({ ...current, owners: [...others, set] }, stamp);
}

/**
 * A customer whom nobody attends in the scope any more (F016).
 * @throws 404 where nobody did
 */
export function withoutOwner(current: Customer, scope: Scope, stamp: Stamp): Customer {
  const { owners = [], ...rest } = current;
  const others = remaining(owners, scope);
  if (others.length === owners.length) throw notFound("assigned user", current.id);
  return stamped({ ...rest, ...(others.length > 0 ? { owners: others } : {}) }, stamp);
}

/** Each owner who came, went or gave way to another, by scope (D18). */
export function ownerChanges(before: Customer, after: Customer): Change[] {
  const [old = [], now = []] = [before.owners, after.owners];
  const scopes = new Set([...old, ...now].map(({ campaignId }) => campaignId));
  return [...scopes]
    .map((scope) => ({
      field: "owners",
      old: ownerOf(old, scope) ?? null,
      new: ownerOf(now, scope) ?? null,
    }))
    .filter((change) => change.old?.userId !== change.new?.userId);
}

/**
 * Who attends a customer that another is merged into: its own owners, and of the other's those whose
 * scope none of its own decides (F042).
 */
export function joined(
  own: readonly CustomerOwner[] = [],
  theirs: readonly CustomerOwner[] = [],
): { moved: CustomerOwner[]; left: CustomerOwner[] } {
  const isDecided = ({ campaignId }: CustomerOwner) =>
    ownerOf(own, campaignId) !== undefined || ownerOf(own, undefined) !== undefined;
  const moved = theirs.filter((owner) => !isDecided(owner)).slice(0, mostOwners - own.length);
  return { moved, left: theirs.filter((owner) => !moved.includes(owner)) };
}

const remaining = (owners: readonly CustomerOwner[], scope: Scope): CustomerOwner[] =>
  scope === undefined ? [] : owners.filter(({ campaignId }) => campaignId !== scope);

const stamped = (customer: Customer, { at, by }: Stamp): Customer => ({
  ...customer,
  version: customer.version + 1,
  updatedAt: at,
  updatedBy: by,
});
