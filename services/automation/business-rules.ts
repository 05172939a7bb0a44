/** The actions on business rules: made, changed, copied, put in order and deleted (G10-G12). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Contracts, Ctx, Meta, Request } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { BusinessRule, RuleDraft } from "#shared/contracts/automation/rules.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { firstAnswer, write } from "#shared/mongo/write.ts";
import * as rules from "./business-rules.rules.ts";
import type { ActiveRule, Made } from "./business-rules.rules.ts";
import * as store from "./business-rules.store.ts";
import { existing } from "./webhooks.store.ts";

type Actions = Contracts["automation"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const businessRules = {
  /** @throws 409 TOO_MANY_RULES; 422 VALIDATION_ERROR naming all that is wrong */
  async createRule(ctx: Asked<"createRule">): Promise<BusinessRule> {
    rules.requireSound(ctx.params);
    await requireNamed(ctx, ctx.params);
    return add(ctx, rules.create(ctx.params, newId(), madeBy(ctx)));
  },

  async listRules({ params: { kind, enabled, campaignId } }: Asked<"listRules">) {
    const fits = (rule: BusinessRule) =>
      (kind === undefined || rule.kind === kind) &&
      (enabled === undefined || rule.enabled === enabled) &&
      (campaignId === undefined || holdsIn(rule, campaignId));
    const [{ version }, all] = await Promise.all([store.orderOf(), store.all()]);
    return { version, items: all.map(store.ruleOf).filter(fits) };
  },

  getRule: async (ctx: Asked<"getRule">) => store.ruleOf(await store.get(ctx.params.id)),

  /** @throws 404 NOT_FOUND; 412 STALE_VERSION; 422 VALIDATION_ERROR */
  async changeRule(ctx: Asked<"changeRule">): Promise<BusinessRule> {
    const before = await firstAnswer<BusinessRule>("automation", ctx);
    if (before) return before;
    const { id, version, ...patch } = ctx.params;
    const seen = rules.change(await store.get(id), patch, madeBy(ctx));
    rules.requireSound(seen);
    await requireNamed(ctx, seen);

    return write("automation", ctx, async (tx) => {
      const current = await store.get(id, tx.session);
      if (current.version !== version) throw stale("business rule", id, current.version);
      const after = rules.change(current, patch, madeBy(ctx));
      const changes = changesBetween(store.ruleOf(current), store.ruleOf(after));
      if (changes.length === 0) return store.ruleOf(current);
      await store.replace(after, tx.session);
      tx.announce({
        event: "automation.ruleChanged",
        aggregate: { kind: "businessRule", id, version: after.version },
        changes,
        data: { id, enabled: after.enabled },
      });
      return store.ruleOf(after);
    });
  },

  async duplicateRule(ctx: Asked<"duplicateRule">): Promise<BusinessRule> {
    const { id, name } = ctx.params;
    const copy = rules.duplicate(await store.get(id), newId(), name, madeBy(ctx));
    return add(ctx, copy, id);
  },

  async deleteRule(ctx: Asked<"deleteRule">): Promise<void> {
    const { id } = ctx.params;
    await write("automation", ctx, async (tx) => {
      const rule = await store.get(id, tx.session);
      await store.remove(id, tx.session);
      const { name } = rule;
      tx.announce({
        event: "automation.ruleDeleted",
        aggregate: { kind: "businessRule", id, version: rule.version + 1 },
        changes: [{ field: "name", old: name, new: null }],
        data: { id },
      });
    });
  },

  /** @throws 412 STALE_VERSION; 422 VALIDATION_ERROR at `items` */
  orderRules: (ctx: Asked<"orderRules">) =>
    write("automation", ctx, async (tx) => {
      const { version, items: ids } = ctx.params;
      const former = await store.orderOf(tx.session);
      if (version !== undefined && version !== former.version) {
        throw stale("order of the business rules", "rules", former.version);
      }
      rules.requireWhole(former.ids, ids);
      const ordered = await store.order(ids, tx.session);
      tx.announce({
        event: "automation.rulesOrdered",
        aggregate: { kind: "ruleOrder", id: "rules", version: ordered },
        changes: changesBetween({ order: former.ids }, { order: ids }),
        data: { ids },
      });
      const items = await store.all(tx.session);
      return { version: ordered, items: items.map(store.ruleOf) };
    }),
};

const add = (ctx: Ctx, rule: ActiveRule, after?: string): Promise<BusinessRule> =>
  write("automation", ctx, async (tx) => {
    await store.insert(rule, tx.session, after);
    const { id, version } = rule;
    const made = store.ruleOf(rule);
    tx.announce({
      event: "automation.ruleCreated",
      aggregate: { kind: "businessRule", id, version },
      changes: changesBetween({}, made),
      data: { id },
    });
    return made;
  });

/** Whether a rule holds in a campaign. */
export const holdsIn = ({ campaignIds }: Pick<BusinessRule, "campaignIds">, id: string): boolean =>
  campaignIds.length === 0 || campaignIds.includes(id);

/** @throws 422 VALIDATION_ERROR naming each campaign, user and webhook that is not there */
async function requireNamed(caller: Caller, draft: RuleDraft): Promise<void> {
  const { campaigns, users, webhooks } = rules.namesOf(draft);
  rules.requireThere(
    campaigns,
    await thereAmong(campaigns, (ids) => caller.call("campaigns.namesOf", { ids })),
  );
  rules.requireThere(
    users,
    await thereAmong(users, (ids) => caller.call("identity.namesOf", { ids })),
  );
  rules.requireThere(webhooks, await thereAmong(webhooks, existing));
}

async function thereAmong(
  named: readonly rules.Named[],
  ask: (ids: string[]) => Promise<{ id: string }[]>,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(named.map(({ id }) => id))];
  return new Set(ids.length > 0 ? (await ask(ids)).map(({ id }) => id) : []);
}

export const madeBy = ({ meta }: { meta: Meta }): Made => ({
  at: new Date(),
  by: actorOf({ meta }).id,
});
