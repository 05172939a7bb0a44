/** Changing what the form of a case holds (F080, F081): what the neighbours must say to it. */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { firstAnswer } from "#shared/mongo/write.ts";
import { chosenAccount, linkTo } from "./accounts.ts";
import { requireCaseType } from "./cases.rules.ts";
import * as rules from "./changing.rules.ts";
import { editSeen, requireAsRead, seenBy } from "./editing.ts";

type Asked = Request<Contracts["cases"]["actions"]["change"]>;

/**
 * Changes type, description, subject, priority, account and tags of a case that the user sees (F080).
 * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED; 412 STALE_VERSION; 422 VALIDATION_ERROR naming what cannot
 *   be kept
 */
export async function change(ctx: Ctx<Asked>): Promise<Case> {
  const before = await firstAnswer<Case>("cases", ctx);
  if (before) return before;
  const { id, version, ...form } = ctx.params;
  const seen = await seenBy(ctx, id);
  requireAsRead(seen.kase, version);
  rules.requireReadable(form);
  const account = await checked(ctx, seen.kase, form);

  return editSeen(ctx, seen, version, async (current, tx) => {
    const linked = account && (await linkTo(account, tx));
    return rules.changed(current, form, linked);
  });
}

/** Asks about a case type, and for an account, only where the form names another one. */
async function checked(ctx: Ctx, kase: Case, { caseTypeId, accountId }: rules.Form) {
  if (rules.isNew(caseTypeId, kase.caseTypeId)) {
    const campaign = await ctx.call("campaigns.describe", { id: kase.campaignId });
    requireCaseType(campaign, caseTypeId ?? undefined);
  }
  return rules.isNew(accountId, kase.accountId)
    ? chosenAccount(ctx, String(accountId), kase.customerId)
    : undefined;
}
