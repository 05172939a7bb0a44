/** Activities: the campaign's form, filled in and saved on a case (F170-F173, F177, F179-F181). */
import { actions } from "../../contract.ts";
import {
  filledIn,
  id,
  instant,
  list,
  map,
  optional,
  personal,
  record,
  text,
  type Received,
} from "../../fields.ts";
import { FormField } from "../campaigns/forms.ts";
import { page, paging, version } from "../common.ts";

/** What is filled in, by the keys of the form's fields. */
export type Answers = Received<{ answers: typeof answers }>["answers"];
const answers = map(filledIn, 60);

/** Without what was filled in, which may be long. */
const facts = {
  id,
  caseId: id,
  campaignId: id,
  /** The form, and the version of it that was filled in. */
  formId: id,
  formVersion: version,
  /** What was chosen in the campaign's main field (G06). */
  disposition: optional(text(120)),
  nextActionAt: optional(instant),
  createdAt: instant,
  createdBy: id,
  /** Since when it does not tell any more what was filled in (B08). */
  erasedAt: optional(instant),
};

/** One saved form; it is never changed. */
export type Activity = Received<typeof Activity>;
export const Activity = { ...facts, answers: optional(personal(answers)) };

/** Who saved it; missing where names cannot be asked for now. */
const createdByName = optional(text(120));

export const activityActions = actions({
  saveActivity: {
    rest: "POST /cases/:id/activities",
    needs: "cases.change",
    says: "Saves the campaign's form, filled in, as an activity on the case (F172, F181); plans the next action (F174).",
    params: {
      id,
      answers,
      /** The form and its version that were on the screen; left out: as they are now. */
      formId: optional(id),
      formVersion: optional(version),
    },
    returns: record(Activity),
  },
  listActivities: {
    rest: "GET /cases/:id/activities",
    needs: "cases.read",
    says: "The activities on a case, newest first (F179), with the beginning of their observations.",
    params: { id, ...paging },
    returns: page({ ...facts, createdByName, observations: optional(personal(text(500, 0))) }),
  },
  getActivity: {
    rest: "GET /cases/:id/activities/:activityId",
    needs: "cases.read",
    says: "One activity with everything that was filled in, and the fields of its form (F180).",
    params: { id, activityId: id },
    /** The fields are missing where campaigns cannot be asked now. */
    returns: record({ ...Activity, createdByName, fields: optional(list(record(FormField), 60)) }),
  },
  prefillActivity: {
    rest: "GET /cases/:id/activities/prefill",
    needs: "cases.read",
    says: "What the form begins with: the answers of the last activity where the campaign's option `prefillActivityForm` is on (F177), otherwise none.",
    params: { id },
    returns: record({
      formId: id,
      formVersion: version,
      answers: personal(answers),
      /** The activity that they are from. */
      activityId: optional(id),
    }),
  },
});

export const activityEvents = {
  activitySaved: {
    /** The case's. */
    id,
    activityId: id,
    campaignId: id,
    customerId: id,
    disposition: optional(text(120)),
    nextActionAt: optional(instant),
  },
};
