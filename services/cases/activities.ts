/** Saving activities on cases, and reading them (F170-F173, F177, F179-F181). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { ActivityForm, FormField } from "#shared/contracts/campaigns/forms.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Activity } from "#shared/contracts/cases/activities.ts";
import { invalidField, isRefusal } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { newId } from "#shared/ids.ts";
import { firstAnswer, write, type Tx } from "#shared/mongo/write.ts";
import { userNames } from "#shared/neighbours.ts";
import * as rules from "./activities.rules.ts";
import * as store from "./activities.store.ts";
import * as cases from "./cases.store.ts";
import { editIn, requireAsRead, seenBy } from "./editing.ts";
import { sightOf } from "./scopes.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const activities = {
  /**
   * Saves an activity on a case that the user sees, in the version of the form that was filled in.
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED, ACTIVITY_FORM_REPLACED; 422
   *   VALIDATION_ERROR naming each answer that does not fit
   */
  async saveActivity(ctx: Asked<"saveActivity">): Promise<Activity> {
    const before = await firstAnswer<Activity>("cases", ctx);
    if (before) return before;
    const { id, answers: sent, formId, formVersion } = ctx.params;
    const seen = await seenBy(ctx, id);
    requireAsRead(seen.kase, undefined);
    const campaign = await ctx.call("campaigns.describe", { id: seen.kase.campaignId });
    rules.requireForm(campaign, formId);
    const filled = { form: await formOf(ctx, campaign, formVersion), setting: campaign, sent };
    const made = { caseId: seen.kase.id, campaignId: campaign.id };

    return write("cases", ctx, async (tx) => {
      let activity: Activity | undefined;
      await editIn(tx, ctx, seen, undefined, async (current, _tx, stamp) => {
        if (current.campaignId !== campaign.id) throw rules.replaced();
        // the id made here, activities on one case are in the order in which they were saved
        activity = rules.activityOf(filled, { id: newId(), ...made, ...stamp });
        await keep(tx, activity, current);
        return rules.withActivity(current, activity);
      });
      if (!activity) throw new Error("An activity was not saved");
      return activity;
    });
  },

  async listActivities(ctx: Asked<"listActivities">) {
    const { id, ...paging } = ctx.params;
    const kase = await readable(ctx, id);
    const page = await store.listOf(kase.id, paging);
    const named = await withNames(ctx, page.items);
    return { ...page, items: named.map(inList) };
  },

  async getActivity(ctx: Asked<"getActivity">) {
    const kase = await readable(ctx, ctx.params.id);
    const activity = await store.get(ctx.params.activityId, kase.id);
    const [[named = activity], fields] = await Promise.all([
      withNames(ctx, [activity]),
      fieldsOf(ctx, activity),
    ]);
    return { ...named, ...(fields ? { fields } : {}) };
  },

  async prefillActivity(ctx: Asked<"prefillActivity">) {
    const kase = await readable(ctx, ctx.params.id);
    const campaign = await ctx.call("campaigns.describe", { id: kase.campaignId });
    const form = await formOf(ctx, campaign, undefined);
    const begun = { formId: form.id, formVersion: form.version };
    const last = campaign.options.prefillActivityForm ? await store.lastOf(kase.id) : undefined;
    if (!last) return { ...begun, answers: {} };
    return { ...begun, answers: rules.prefilled(form, last, new Date()), activityId: last.id };
  },
};

async function readable(ctx: Ctx, idOrNumber: string): Promise<Case> {
  const sight = await sightOf(ctx);
  return cases.get(idOrNumber, sight.readable);
}

/** The campaign's form as it is now, or as it was in the version that was filled in. */
async function formOf(
  ctx: Ctx,
  { activityFormId: id }: Campaign,
  version: number | undefined,
): Promise<ActivityForm> {
  if (version === undefined) return ctx.call("campaigns.getForm", { id });
  try {
    return await ctx.call("campaigns.getFormVersion", { id, version: String(version) });
  } catch (error) {
    if (!isRefusal(error) || error.type !== "NOT_FOUND") throw error;
    throw invalidField("formVersion", "is not a version of the form", "unknown");
  }
}

async function keep(tx: Tx<"cases">, activity: Activity, kase: Case): Promise<void> {
  const { id: activityId, disposition, nextActionAt } = activity;
  const { id, campaignId, customerId } = kase;
  await store.add(activity, tx.session);

  tx.announce({
    event: "cases.activitySaved",
    aggregate: { kind: "activity", id: activityId, version: 1 },
    key: id,
    changes: rules.changesOf(activity),
    data: {
      ...{ id, activityId, campaignId, customerId },
      ...(disposition === undefined ? {} : { disposition }),
      ...(nextActionAt ? { nextActionAt } : {}),
    },
  });
}

async function withNames(ctx: Ctx, items: readonly Activity[]) {
  const names = await userNames(
    ctx,
    items.map(({ createdBy }) => createdBy),
  );
  return items.map((activity) => {
    const createdByName = names.get(activity.createdBy);
    return { ...activity, ...(createdByName ? { createdByName } : {}) };
  });
}

function inList<A extends Activity>(activity: A) {
  const { answers: _whole, ...facts } = activity;
  const observations = rules.previewOf(activity);
  return { ...facts, ...(observations === undefined ? {} : { observations }) };
}

/** The fields as they were filled in; they only help to read. */
async function fieldsOf(
  ctx: Ctx,
  { formId, formVersion }: Activity,
): Promise<FormField[] | undefined> {
  try {
    const asked = { id: formId, version: String(formVersion) };
    return (await ctx.call("campaigns.getFormVersion", asked)).fields;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return undefined;
  }
}
