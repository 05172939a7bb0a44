/** What tests of activities begin with: a campaign with a form, people, and cases to work on. */
import type { ServiceSchema } from "moleculer";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { ActivityForm, FormField } from "#shared/contracts/campaigns/forms.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { notFound, unavailable } from "#shared/errors.ts";
import { standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { aScope } from "./creation.samples.ts";

export const everyField: FormField[] = [
  { key: "observations", label: "Observations", type: "longText", required: false },
  { key: "nextActionDate", label: "Next date", type: "date", required: false },
  { key: "nextActionTime", label: "Next time", type: "time", required: false },
];

export const outcome: FormField = {
  ...{ key: "outcome", label: "Outcome", type: "singleChoice", required: false },
  options: ["Solved", "Call back"],
};

export const aForm = (said: Partial<ActivityForm> = {}): ActivityForm => ({
  ...{ id: "standard", name: "Standard", description: "", language: "en", version: 1 },
  fields: [...everyField, outcome],
  createdAt: new Date(),
  updatedAt: new Date(),
  ...said,
});

/**
 * The cases service, with the campaign `support` in which everybody works, seeing all of it.
 * @param forms the form of the campaign in its versions, the latest last
 */
export async function start(
  more: {
    campaign?: Partial<Campaign>;
    forms?: ActivityForm[];
    scope?: object;
    others?: ServiceSchema[];
  } = {},
) {
  const forms = more.forms ?? [aForm()];
  const campaign = aCampaign("support", { mainField: "outcome", ...more.campaign });
  const state = { formsAreAway: false };
  const found = (form: ActivityForm | undefined, id: string) => {
    if (state.formsAreAway) throw unavailable("away");
    if (!form) throw notFound("activity form", id);
    return form;
  };
  const campaigns = standIn("campaigns", {
    scopesOf: () => [{ ...aScope("support"), agentsSeeAllCases: true, ...more.scope }],
    describe: ({ params: { id } }) => ({ ...campaign, id }),
    getForm: ({ params: { id } }) =>
      found(
        forms.findLast((form) => form.id === id),
        id,
      ),
    getFormVersion: ({ params: { id, version } }) =>
      found(
        forms.find((form) => form.id === id && String(form.version) === version),
        id,
      ),
  });
  const bus = await startBus(cases, campaigns, ...(more.others ?? []));
  const aKept = async (said: Partial<Case> = {}) => {
    const kase = aCase({ campaignId: "support", ...said });
    await keep(kase);
    return kase;
  };
  return { bus, aKept, state };
}
