/** The script and the additional tabs of a campaign in its cases (F201-F203). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { FieldValues, KeptTabValues, TabValues } from "#shared/contracts/cases/tabs.ts";
import type { Tab } from "#shared/contracts/campaigns/tabs.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import type { Tx } from "#shared/mongo/write.ts";
import { again } from "./customer-moves.store.ts";
import { editSeen, requireAsRead, seenBy, type Seen } from "./editing.ts";
import { ask } from "./integrations.ts";
import * as life from "./life.rules.ts";
import { filledIn } from "./tab-forms.rules.ts";
import * as rules from "./tabs.rules.ts";
import * as store from "./tabs.store.ts";
import { factsFor } from "./variables.ts";
import { filledAddress, filledScript } from "./variables.rules.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** Script and tabs are for who works on the case: who may only read it gets 403 READ_ONLY (F125). */
export const tabs = {
  async script(ctx: Asked<"script">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    return scriptOf(ctx, kase);
  },

  async listTabs(ctx: Asked<"listTabs">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    return tabsOf(ctx, kase);
  },

  async getTabValues(ctx: Asked<"getTabValues">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const tab = await tabOf(ctx, kase, ctx.params.tabId);
    rules.requireKeeping(tab);
    return rules.answered(tab.id, await store.find(kase.id, tab.id));
  },

  async setTabValues(ctx: Asked<"setTabValues">) {
    const { id, tabId, version, values } = ctx.params;
    const seen = await seenBy(ctx, id);
    requireAsRead(seen.kase, undefined);
    const fields = rules.requireForm(await tabOf(ctx, seen.kase, tabId));
    return keptOf(ctx, seen, { tabId, version, values: filledIn(fields, values) });
  },

  async askTab(ctx: Asked<"askTab">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const tab = rules.requireIntegration(await tabOf(ctx, kase, ctx.params.tabId));
    return { tabId: tab.id, items: await foundBy(ctx, kase, tab), askedAt: new Date() };
  },

  async keepFindings(ctx: Asked<"keepFindings">) {
    const { id, tabId } = ctx.params;
    const seen = await seenBy(ctx, id);
    requireAsRead(seen.kase, undefined);
    const tab = rules.requireIntegration(await tabOf(ctx, seen.kase, tabId));
    rules.requireKeeping(tab);
    const found = await foundBy(ctx, seen.kase, tab);
    return keptOf(ctx, seen, { tabId, values: rules.valuesOf(found) });
  },
};

/** The script of a case that the user sees. */
export async function scriptOf(ctx: Ctx, kase: Case): Promise<{ html: string }> {
  const { html } = await ctx.call("campaigns.getScript", { id: kase.campaignId });
  return { html: filledScript(html, await factsFor(ctx, kase, [html])) };
}

/** The tabs of a case that the user sees, with what it keeps of them. */
export async function tabsOf(ctx: Ctx, kase: Case) {
  const { items } = await ctx.call("campaigns.getTabs", { id: kase.campaignId });
  const leading = items.filter(({ kind }) => kind !== "integration");
  const [facts, kept] = await Promise.all([
    factsFor(
      ctx,
      kase,
      leading.flatMap(({ address }) => address ?? []),
    ),
    items.length > 0 ? store.ofCase(kase.id) : undefined,
  ]);
  return {
    items: items.map((tab) => {
      const address = tab.address === undefined ? undefined : filledAddress(tab.address, facts);
      return rules.shown(tab, address, kept?.get(tab.id));
    }),
  };
}

async function tabOf(ctx: Ctx, kase: Case, tabId: string): Promise<Tab> {
  const { items } = await ctx.call("campaigns.getTabs", { id: kase.campaignId });
  return rules.requireTab(items, tabId);
}

async function foundBy(
  ctx: Ctx,
  kase: Case,
  { address, findings }: ReturnType<typeof rules.requireIntegration>,
): Promise<rules.Found[]> {
  const facts = await factsFor(ctx, kase, [address]);
  return rules.foundIn(await ask(filledAddress(address, facts)), findings);
}

interface Said {
  tabId: string;
  values: FieldValues;
  version?: number;
}

/**
 * Keeps the values of a tab with a case.
 * @throws 409 CASE_CLOSED; 412 STALE_VERSION
 */
async function keptOf(ctx: Ctx, seen: Seen, said: Said): Promise<TabValues> {
  // somebody may be the first at the same moment
  await again(() =>
    editSeen(ctx, seen, undefined, async (current, tx, stamp) => {
      await keepValues(tx, current, said, stamp);
      return life.actedOn(current);
    }),
  );
  return rules.answered(said.tabId, await store.find(seen.kase.id, said.tabId));
}

async function keepValues(
  tx: Tx<"cases">,
  { id: caseId, campaignId }: Case,
  { tabId, values, version }: Said,
  stamp: life.Stamp,
): Promise<void> {
  const before: KeptTabValues =
    (await store.find(caseId, tabId, tx.session)) ??
    rules.nothingKept(newId(), { caseId, tabId }, stamp.at);
  if (version !== undefined && before.version !== version) {
    throw stale("tab", tabId, before.version);
  }
  const after = rules.withValues(before, values, stamp);
  if (after === before) return;
  await store.keep(after, tx.session);
  tx.announce({
    event: "cases.tabValuesKept",
    aggregate: { kind: "tabValues", id: after.id, version: after.version },
    key: caseId,
    changes: changesBetween({ values: before.values ?? {} }, { values }),
    data: { id: after.id, caseId, campaignId, tabId },
  });
}
