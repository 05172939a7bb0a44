/** Activity forms: what agents fill in when they manage a case (G16, F170, F171). */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  longText,
  nullable,
  oneOf,
  optional,
  partial,
  record,
  text,
  withDefault,
  word,
  yesNo,
  type Received,
} from "../../fields.ts";
import { language, page, paging, trail, version } from "../common.ts";

/** The name of a field in what is filled in; it can be a name in any object. */
export const fieldKey = word(/^(?!(?:constructor|prototype)$)[a-z][A-Za-z0-9]{0,39}$/, 40);

const fieldType = oneOf(
  "text",
  "longText",
  "number",
  "date",
  "time",
  "boolean",
  "singleChoice",
  "multipleChoice",
);

export type FormField = Received<typeof FormField>;
export const FormField = {
  key: fieldKey,
  label: text(120),
  description: optional(nullable(text(500))),
  type: fieldType,
  required: withDefault(yesNo, false),
  /** What can be chosen; of choices only. */
  options: optional(list(text(120), 100, 1)),
};

const facts = {
  name: text(120),
  description: withDefault(longText(2_000), ""),
  /** Of its labels. */
  language: withDefault(language, "en"),
};
const fields = list(record(FormField), 60, 1);

/** A form in one of its versions: every change makes a new one, the old ones stay readable. */
export type ActivityForm = Received<typeof ActivityForm>;
export const ActivityForm = { id, ...facts, fields, ...trail };

/** The form that campaigns have until they choose another one; made at the first start. */
export const standardFormId = "standard";

export const formActions = actions({
  createForm: {
    rest: "POST /activity-forms",
    needs: "campaigns.configure",
    says: "Creates an activity form (G16); without `fields` it has those of every form (F171).",
    params: { ...facts, fields: optional(fields) },
    returns: record(ActivityForm),
  },
  listForms: {
    rest: "GET /activity-forms",
    needs: "campaigns.configure",
    says: "The activity forms, by name.",
    params: { ...paging, q: optional(text(100)) },
    returns: page(ActivityForm),
  },
  getForm: {
    rest: "GET /activity-forms/:id",
    needs: "campaigns.read",
    says: "An activity form in its latest version.",
    params: { id },
    returns: record(ActivityForm),
  },
  getFormVersion: {
    rest: "GET /activity-forms/:id/versions/:version",
    needs: "campaigns.read",
    says: "An activity form as it was in one version, for what was filled in with it.",
    params: { id, version: word(/^[1-9]\d{0,8}$/, 9) },
    returns: record(ActivityForm),
  },
  changeForm: {
    rest: "PATCH /activity-forms/:id",
    needs: "campaigns.configure",
    guarded: "required",
    says: "Changes an activity form, which makes a new version; `fields` are replaced as a whole.",
    params: { id, version, ...partial(facts), fields: optional(fields) },
    returns: record(ActivityForm),
  },
  getCampaignForm: {
    rest: "GET /campaigns/:id/activity-form",
    needs: "campaigns.read",
    says: "The activity form of a campaign (F170), in its latest version.",
    params: { id },
    returns: record(ActivityForm),
  },
});

export const formEvents = {
  formCreated: { id, version },
  formChanged: { id, version },
};
