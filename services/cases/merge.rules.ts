/** What merging two cases does: one plan, which the preview shows and the merge carries out. Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import type { CaseMergeCounts, CaseMergePlan } from "#shared/contracts/cases/merge.ts";
import { conflict, invalidField, stale } from "#shared/errors.ts";
import { requireOpen, stamped, withStatus, type Stamp } from "./life.rules.ts";
import type { Joined } from "./relations.rules.ts";
import { tagsLacking, tagsOf } from "./tags.rules.ts";

/** The two, as they are. */
export interface Pair {
  survivor: Case;
  absorbed: Case;
}

interface Asked {
  otherCaseId?: string;
  survivorVersion?: number;
  absorbedVersion?: number;
  mergeCustomers: boolean;
  survivorCustomerId?: string;
}

/** Cases that may lead to one, however indirectly. */
const mostAbsorbed = 100;
/** Interactions that two cases may have together: they are put in order in one transaction. */
const mostInteractions = 20_000;

/**
 * Which of two cases is kept (F096).
 * @param own the case that was asked for
 * @param other the one it is to be merged with
 * @param kept the one that is named as survivor
 * @throws 422 VALIDATION_ERROR at `otherCaseId` or `survivorCaseId`
 */
export function pairOf(
  { own, other, kept }: { own: Case; other: Case; kept: Case },
  { otherCaseId }: Pick<Asked, "otherCaseId">,
): Pair {
  if (own.id === other.id) {
    throw otherCaseId
      ? invalidField("otherCaseId", "must be another case", "same")
      : invalidField("otherCaseId", "is required: with which case?", "required");
  }
  if (kept.id === own.id) return { survivor: own, absorbed: other };
  if (kept.id === other.id) return { survivor: other, absorbed: own };
  throw invalidField("survivorCaseId", "must be one of the two cases", "neither");
}

/**
 * Refuses cases that cannot be merged, or are not as they were read.
 * @throws 409 CASE_CLOSED (D04), TOO_MANY_MERGES, CONVERSATION_TOO_LONG · 412 STALE_VERSION
 */
export function requireMergeable(
  { survivor, absorbed }: Pair,
  { survivorVersion, absorbedVersion }: Pick<Asked, "survivorVersion" | "absorbedVersion">,
): void {
  const read = [
    { kase: survivor, version: survivorVersion },
    { kase: absorbed, version: absorbedVersion },
  ];
  for (const { kase, version } of read) {
    requireOpen(kase);
    if (version !== undefined && version !== kase.version) {
      throw stale("case", kase.id, kase.version);
    }
  }
  if (allAbsorbed({ survivor, absorbed }).length > mostAbsorbed) {
    throw conflict("TOO_MANY_MERGES", "Too many cases have been merged into these", {
      limit: mostAbsorbed,
    });
  }
  if (survivor.interactionCount + absorbed.interactionCount > mostInteractions) {
    throw conflict("CONVERSATION_TOO_LONG", "Together they have too many interactions", {
      limit: mostInteractions,
    });
  }
}

/**
 * Refuses a campaign that does not let its cases be merged; the option binds everyone (F100, D05).
 * @throws 409 MERGE_NOT_ALLOWED
 */
export function requireAllowed(
  campaigns: readonly { id: string; options: { allowCaseMerge: boolean } }[],
): void {
  const forbidding = campaigns.find(({ options }) => !options.allowCaseMerge);
  if (!forbidding) return;
  throw conflict("MERGE_NOT_ALLOWED", "The campaign does not let its cases be merged", {
    campaignId: forbidding.id,
  });
}

/**
 * Which customers are merged as well, if any (F095, F097, D02).
 * @throws 422 VALIDATION_ERROR at `survivorCustomerId` or `mergeCustomers`
 */
export function customersOf(
  { survivor, absorbed }: Pair,
  {
    mergeCustomers,
    survivorCustomerId: kept,
  }: Pick<Asked, "mergeCustomers" | "survivorCustomerId">,
): { survivorId: string; absorbedId: string } | undefined {
  if (!mergeCustomers) {
    if (kept === undefined) return undefined;
    throw invalidField("survivorCustomerId", "goes with mergeCustomers only", "unused");
  }
  if (kept === undefined) {
    throw invalidField("survivorCustomerId", "is required: who is kept?", "required");
  }
  const [one, other] = [survivor.customerId, absorbed.customerId];
  if (kept !== one && kept !== other) {
    throw invalidField("survivorCustomerId", "must be one of the two customers", "neither");
  }
  if (one === other) {
    throw invalidField("mergeCustomers", "cannot be: both have the same customer", "same");
  }
  return { survivorId: kept, absorbedId: kept === one ? other : one };
}

const allAbsorbed = ({ survivor, absorbed }: Pair): NonNullable<Case["absorbed"]> => [
  ...(survivor.absorbed ?? []),
  { id: absorbed.id, number: absorbed.number },
  ...(absorbed.absorbed ?? []),
];

/** Both as they are afterwards, and what the survivor has taken over that it lacked. */
export interface Combined extends Pair {
  filled: CaseMergePlan["filled"];
}

/**
 * The survivor with the conversation of both; it keeps its status (F098) and all that it says, and
 * takes over what it lacks. The absorbed is closed and leads to it.
 */
export function combined({ survivor, absorbed }: Pair, stamp: Stamp): Combined {
  const filled = filledOf({ survivor, absorbed });
  const taken = Object.fromEntries(
    filled
      .flatMap((field) => (field === "accountId" ? accountFields : [field]))
      .map((field) => [field, absorbed[field]]),
  );
  const tags = tagsOf([...(survivor.tags ?? []), ...tagsLacking(absorbed, survivor)]);
  const last = latest(survivor.lastInteraction, absorbed.lastInteraction);
  const heardAt = latest(
    dated(survivor.lastCustomerUpdateAt),
    dated(absorbed.lastCustomerUpdateAt),
  )?.at;
  const after: Case = {
    ...survivor,
    ...taken,
    ...(tags ? { tags } : {}),
    interactionCount: survivor.interactionCount + absorbed.interactionCount,
    unreadCount: survivor.unreadCount + absorbed.unreadCount,
    ...activitiesOf({ survivor, absorbed }),
    ...(last ? { lastInteraction: last } : {}),
    ...(heardAt ? { lastCustomerUpdateAt: heardAt } : {}),
    ...followedUp({ survivor, absorbed }),
    absorbed: allAbsorbed({ survivor, absorbed }),
  };
  const gone = {
    ...{ ...withStatus(absorbed, "closed"), mergedInto: survivor.id },
    ...{ closedAt: stamp.at, closedBy: stamp.by },
  };
  return { survivor: stamped(after, stamp), absorbed: stamped(gone, stamp), filled };
}

/** Whoever of the two was followed up: it is one conversation now (F133). */
function followedUp({ survivor, absorbed }: Pair): Pick<Case, "followUpSentAt"> {
  const followUpSentAt = survivor.followUpSentAt ?? absorbed.followUpSentAt;
  return followUpSentAt ? { followUpSentAt } : {};
}

/** What is planned on the survivor goes on; without a plan of its own it takes over the other's. */
function activitiesOf({ survivor, absorbed }: Pair): Partial<Case> {
  const count = (survivor.activityCount ?? 0) + (absorbed.activityCount ?? 0);
  const disposition = survivor.disposition ?? absorbed.disposition;
  const nextActionAt = survivor.nextActionAt ?? absorbed.nextActionAt;
  return {
    ...(count > 0 ? { activityCount: count } : {}),
    ...(disposition ? { disposition } : {}),
    ...(nextActionAt ? { nextActionAt } : {}),
  };
}

const accountFields = ["accountId", "accountNumber"] as const;

/** A type belongs to its campaign, an account to its customer. */
function filledOf({ survivor, absorbed }: Pair): CaseMergePlan["filled"] {
  const isLacking = (field: "subject" | "caseTypeId" | "accountId") =>
    survivor[field] === undefined && absorbed[field] !== undefined;
  const fits = {
    subject: true,
    caseTypeId: survivor.campaignId === absorbed.campaignId,
    accountId: survivor.customerId === absorbed.customerId,
  };
  const filled = (["subject", "caseTypeId", "accountId"] as const).filter(
    (field) => fits[field] && isLacking(field),
  );
  return tagsLacking(absorbed, survivor).length > 0 ? [...filled, "tags"] : filled;
}

const dated = (at: Date | undefined) => (at ? { at } : undefined);

const latest = <T extends { at: Date }>(one: T | undefined, other: T | undefined): T | undefined =>
  one && other ? (other.at > one.at ? other : one) : (one ?? other);

/** What moves, for the preview and the merge alike (D03). */
export function planOf(
  { absorbed }: Pair,
  {
    filled,
    files,
    relations,
  }: { filled: CaseMergePlan["filled"]; files: number; relations: Joined },
): CaseMergePlan {
  const counts: CaseMergeCounts = {
    interactions: absorbed.interactionCount,
    activities: absorbed.activityCount ?? 0,
    files,
    relations: relations.moved.length,
  };
  const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id);
  return {
    counts,
    relations: { moved: ids(relations.moved), dropped: ids(relations.dropped) },
    filled,
  };
}
