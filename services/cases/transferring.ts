/** Handing a case on: to a user, another campaign or nobody (F083-F090), or upwards (G01). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { invalidField, isRefusal, notFound, stale } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { firstAnswer, type Tx } from "#shared/mongo/write.ts";
import { changesOf } from "./changing.rules.ts";
import { editSeen, requireAsRead, seenBy } from "./editing.ts";
import { leaveHandedOn, tellIdentity } from "./presence.ts";
import { wakeRouter } from "./router.ts";
import * as rules from "./transferring.rules.ts";
import type { Destination, Person } from "./transferring.rules.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const transferring = {
  /**
   * Hands a case that the user sees to somebody of its campaign or of another one, or to nobody:
   * then it waits in the queue. Who hands it on leaves it (F088).
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED, TRANSFER_NOT_ALLOWED; 412 STALE_VERSION;
   *   422 VALIDATION_ERROR at `assigneeId` or `campaignId`
   */
  async transfer(ctx: Asked<"transfer">): Promise<Case> {
    const before = await firstAnswer<Case>("cases", ctx);
    if (before) return before;
    const { id, version, ...wish } = ctx.params;
    const seen = await seenBy(ctx, id);
    requireAsRead(seen.kase, version);
    const destination = await destinationOf(ctx, seen.kase, wish);

    const { id: userId } = actorOf(ctx);
    const transferred = await editSeen(
      ctx,
      seen,
      version,
      async (current, tx) => {
        requireSamePlace(current, seen.kase);
        const after = rules.transferred(current, destination);
        await leaveHandedOn(tx, current.id, userId);
        return after;
      },
      tellTransferred(destination.way),
    );
    if (!transferred.assigneeId) wakeRouter();
    await tellIdentity(ctx, userId);
    return transferred;
  },

  /** @throws 403 READ_ONLY; 404 NOT_FOUND, also for a campaign that is not there */
  async transferTargets(ctx: Asked<"transferTargets">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const { campaignId = kase.campaignId } = ctx.params;
    const { options } = await ctx.call("campaigns.describe", { id: kase.campaignId });
    const campaign = await ctx.call("campaigns.describe", { id: campaignId });
    const isOther = campaignId !== kase.campaignId;
    if (isOther && !(campaign.enabled && options.allowCampaignTransfer)) {
      throw notFound("campaign", campaignId);
    }
    const { allowUserTransfer: toUser, allowCampaignTransfer: toCampaign } = options;
    const users = (await attendantsOf(ctx, campaign)).map(({ id, name, role }) => ({
      ...{ id, name, role: role === "agent" ? ("agent" as const) : ("supervisor" as const) },
    }));
    return { campaignId, toUser, toCampaign, users };
  },

  /** @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED, ILLEGAL_TRANSITION; 412 STALE_VERSION */
  async escalate(ctx: Asked<"escalate">): Promise<Case> {
    const before = await firstAnswer<Case>("cases", ctx);
    if (before) return before;
    const { id, version, reason } = ctx.params;
    const seen = await seenBy(ctx, id);
    return editSeen(
      ctx,
      seen,
      version,
      (current) => rules.escalated(current, reason),
      tellEscalated,
    );
  },
};

/** Where the wish leads, once the neighbours have said that it can. */
async function destinationOf(ctx: Ctx, kase: Case, wish: rules.Wish): Promise<Destination> {
  const way = rules.wayOf(kase, wish);
  const own = await ctx.call("campaigns.describe", { id: kase.campaignId });
  rules.requireAllowed(way, own.options);
  const campaign = way === "campaign" ? await campaignNamed(ctx, String(wish.campaignId)) : own;
  const assigneeId = wish.assigneeId ?? undefined;
  if (assigneeId) {
    const [person] = await ctx.call("identity.namesOf", { ids: [assigneeId] });
    rules.requireOf(campaign, person);
  }
  return { way, campaign, assigneeId, reason: wish.reason };
}

/** @throws 422 VALIDATION_ERROR at `campaignId` where it is unknown or disabled */
async function campaignNamed(caller: Caller, id: string): Promise<Campaign> {
  try {
    const campaign = await caller.call("campaigns.describe", { id });
    rules.requireOpenCampaign(campaign);
    return campaign;
  } catch (error) {
    if (isRefusal(error) && error.type === "NOT_FOUND") {
      throw invalidField("campaignId", "is not a campaign", "unknown");
    }
    throw error;
  }
}

/** Where somebody was faster, the neighbours were asked about another transfer. */
function requireSamePlace(current: Case, seen: Case): void {
  const isSame = (["campaignId", "assigneeId"] as const).every(
    (field) => current[field] === seen[field],
  );
  if (!isSame) throw stale("case", current.id, current.version);
}

const mostUsers = 500;

/** Who can get a case of the campaign, by name; nobody while identity is away. */
async function attendantsOf(caller: Caller, campaign: Campaign): Promise<Person[]> {
  const ids = rules.attendantIds(campaign);
  try {
    const parts = [];
    for (let start = 0; start < ids.length; start += mostUsers) {
      const part = ids.slice(start, start + mostUsers);
      parts.push(caller.call("identity.namesOf", { ids: part }));
    }
    return (await Promise.all(parts))
      .flat()
      .filter((person) => rules.isOf(campaign, person))
      .sort((one, other) => one.name.localeCompare(other.name))
      .slice(0, mostUsers);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return [];
  }
}

const tellTransferred =
  (to: Destination["way"]) =>
  (tx: Tx<"cases">, before: Case, after: Case): void => {
    const { id, version, campaignId, assigneeId = null } = after;
    const { campaignId: formerCampaignId, assigneeId: previousAssigneeId = null } = before;
    tx.announce({
      event: "cases.transferred",
      aggregate: { kind: "case", id, version },
      changes: changesOf(before, after),
      data: { id, campaignId, formerCampaignId, assigneeId, previousAssigneeId, to },
    });
  };

function tellEscalated(tx: Tx<"cases">, before: Case, after: Case): void {
  const { id, version, campaignId, assigneeId = null } = after;
  tx.announce({
    event: "cases.escalated",
    aggregate: { kind: "case", id, version },
    changes: changesOf(before, after),
    data: { id, campaignId, assigneeId },
  });
}
