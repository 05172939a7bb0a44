/** The actions on activity forms (G16, F170, F171). */
import { actorOf, system } from "#shared/actor.ts";
import type { Meta } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import { standardFormId, type ActivityForm } from "#shared/contracts/campaigns/forms.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import * as campaigns from "./campaigns.store.ts";
import * as rules from "./forms.rules.ts";
import * as store from "./forms.store.ts";

type Forms = Pick<
  ActionHandlers<"campaigns">,
  "createForm" | "listForms" | "getForm" | "getFormVersion" | "changeForm" | "getCampaignForm"
>;

const stamp = (ctx: { meta: Meta }): rules.Stamp => ({ at: new Date(), by: actorOf(ctx).id });

export const forms: Forms = {
  createForm: (ctx) =>
    withUniqueName(() =>
      write("campaigns", ctx, (tx) =>
        keep(tx, rules.createForm(ctx.params, { id: newId(), ...stamp(ctx) })),
      ),
    ),

  listForms: (ctx) => store.list(ctx.params),

  getForm: (ctx) => store.get(ctx.params.id),

  getFormVersion: (ctx) => store.getVersion(ctx.params.id, Number(ctx.params.version)),

  changeForm: (ctx) =>
    withUniqueName(() =>
      write("campaigns", ctx, async (tx) => {
        const { id, version, ...patch } = ctx.params;
        const current = await store.get(id, tx.session);
        if (current.version !== version) throw stale("activity form", id, current.version);
        const changed = rules.changeForm(current, patch, stamp(ctx));
        const mainFields = rules.possibleMainFields(changed);
        rules.requireUnused(await campaigns.otherMainField(id, mainFields, tx.session));
        return keepChanged(tx, current, changed);
      }),
    ),

  async getCampaignForm(ctx) {
    const { activityFormId } = await campaigns.getSeen(ctx.params.id, actorOf(ctx));
    return store.get(activityFormId);
  },
};

/** Makes the form that campaigns have to begin with; of many replicas, one does. */
export async function makeStandardForm(): Promise<void> {
  const draft = { name: "Standard", description: "", language: "en" as const };
  const made = { id: standardFormId, at: new Date(), by: system.id };
  await write("campaigns", { meta: {} }, (tx) => keep(tx, rules.createForm(draft, made))).catch(
    (error: unknown) => {
      const others = (error as { type?: string }).type === "ACTIVITY_FORM_EXISTS";
      if (!others && !isDuplicate(error)) throw error;
    },
  );
}

async function keep(tx: Tx<"campaigns">, form: ActivityForm): Promise<ActivityForm> {
  const { id, version } = form;
  await store.add(form, tx.session);

  tx.announce({
    event: "campaigns.formCreated",
    aggregate: { kind: "activityForm", id, version },
    changes: changesBetween({}, form),
    data: { id, version },
  });
  return form;
}

async function keepChanged(
  tx: Tx<"campaigns">,
  current: ActivityForm,
  changed: ActivityForm,
): Promise<ActivityForm> {
  const changes = changesBetween(current, changed);
  if (changes.length === 0) return current;
  const { id, version } = changed;
  await store.replace(changed, tx.session);

  tx.announce({
    event: "campaigns.formChanged",
    aggregate: { kind: "activityForm", id, version },
    changes,
    data: { id, version },
  });
  return changed;
}

async function withUniqueName<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw await store.asNameTaken(error);
  }
}
