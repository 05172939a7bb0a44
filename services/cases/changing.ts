/** Changing what the form of a case holds (F080, F081): what the neighbours must say to it. */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { readOnly, stale } from "#shared/errors.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { chosenAccount, linkTo } from "./accounts.ts";
import { requireCaseType } from "./cases.rules.ts";
import * as store from "./cases.store.ts";
import * as rules from "./changing.rules.ts";
import { sightOf } from "./scopes.ts";
import { searchWordsOf } from "./search.rules.ts";

type Asked = Request<Contracts["cases"]["actions"]["change"]>;

/**
 * Changes type, description, subject, priority and account of a case that the user sees (F080).
 * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED; 412 STALE_VERSION; 422 VALIDATION_ERROR naming what cannot
 *   be kept
 */
export async function change(ctx: Ctx<Asked>): Promise<Case> {
  const { id: asked, version, ...form } = ctx.params;
  const { readable, visible, shown } = await sightOf(ctx);
  const seen = shown(await store.get(asked, readable));
  if (seen.readOnly) throw readOnly("case", seen.id);
  requireAsRead(seen, version);
  rules.requireReadable(form);
  const account = await checked(ctx, seen, form);

  return write("cases", ctx, async (tx) => {
    const current = await store.get(seen.id, visible, tx.session);
    requireAsRead(current, version);
    const linked = account && (await linkTo(account, tx));
    const stamp = { at: new Date(), by: actorOf(ctx).id };
    const changed = rules.changed(current, form, linked, stamp);
    if (changed === current) return current;
    await store.edit([{ kase: changed, searchWords: searchWordsOf(changed) }], tx.session);

    tellOfChange(tx, current, changed);
    return changed;
  });
}

function requireAsRead(kase: Case, version: number): void {
  rules.requireOpen(kase);
  if (kase.version !== version) throw stale("case", kase.id, kase.version);
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

/** Announces what changed in a case. */
export function tellOfChange(tx: Tx<"cases">, before: Case, after: Case): void {
  const { id, version, campaignId, customerId } = after;
  tx.announce({
    event: "cases.changed",
    aggregate: { kind: "case", id, version },
    changes: rules.changesOf(before, after),
    data: { id, campaignId, customerId },
  });
}
