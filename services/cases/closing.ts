/** Closing a case for good, and what stands in its way (F107-F111, D04, D07). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { firstAnswer, type Tx } from "#shared/mongo/write.ts";
import { changesOf } from "./changing.rules.ts";
import * as rules from "./closing.rules.ts";
import { editSeen, requireAsRead, seenBy } from "./editing.ts";
import { leaveClosed, tellIdentity } from "./presence.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const closing = {
  /** @throws 403 READ_ONLY; 404 NOT_FOUND */
  async closing(ctx: Asked<"closing">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const { id, version } = kase;
    const reasons = rules.reasonsAgainst(kase, await judged(ctx, kase));
    return { id, version, closable: reasons.length === 0, reasons };
  },

  /**
   * Closes a case that the user sees; in the same transaction it gives up its place for messages,
   * and everybody leaves it (F109).
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED, CASE_NOT_CLOSABLE with all `reasons`;
   *   412 STALE_VERSION
   */
  async close(ctx: Asked<"close">): Promise<Case> {
    const before = await firstAnswer<Case>("cases", ctx);
    if (before) return before;
    const { id, version } = ctx.params;
    const seen = await seenBy(ctx, id);
    requireAsRead(seen.kase, version);
    const judgement = await judged(ctx, seen.kase);

    const closed = await editSeen(
      ctx,
      seen,
      version,
      async (current, tx, stamp) => {
        const after = rules.closed(current, judgement, stamp);
        await leaveClosed(tx, current.id);
        return after;
      },
      tellClosed,
    );
    await tellIdentity(ctx, actorOf(ctx).id);
    return closed;
  },
};

/** What the neighbours say; customers is asked only where its answer matters (D05, D07). */
async function judged(
  caller: Caller,
  { campaignId, customerId, status }: Case,
): Promise<rules.Judgement> {
  const of = { campaignId, customerId };
  const { options, requiredCustomerFields: fields } = await caller.call("campaigns.describe", {
    id: campaignId,
  });
  const matters = status !== "closed" && !options.allowCloseWithIncompleteCustomer;
  if (!matters || fields.length === 0) return { of, options, missing: [] };
  const { missing } = await caller.call("customers.missingOf", { id: customerId, fields });
  return { of, options, missing };
}

function tellClosed(tx: Tx<"cases">, before: Case, after: Case): void {
  const { id, version, campaignId, customerId, assigneeId = null } = after;
  tx.announce({
    event: "cases.closed",
    aggregate: { kind: "case", id, version },
    changes: changesOf(before, after),
    data: { id, campaignId, customerId, assigneeId },
  });
}
