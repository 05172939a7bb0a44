/** What an activity form may be, and which of its fields is a campaign's main one (G16, F171). */
import type { ActivityForm, FormField } from "#shared/contracts/campaigns/forms.ts";
import { conflict, invalidField, type FieldFault } from "#shared/errors.ts";
import { nameKey } from "#shared/names.rules.ts";
import { fault, refuse, repeated } from "./faults.rules.ts";

type Facts = Pick<ActivityForm, "name" | "description" | "language">;
type Draft = Facts & { fields?: FormField[] };
type Patch = { [K in keyof Draft]?: Draft[K] | undefined };

export interface Stamp {
  at: Date;
  by: string;
}

/** The fields that are in every form (F171), with their labels in English and Spanish. */
const everyForm: readonly [Pick<FormField, "key" | "type">, en: string, es: string][] = [
  [{ key: "observations", type: "longText" }, "Observations", "Observaciones"],
  [{ key: "nextActionDate", type: "date" }, "Next management date", "Fecha de próxima gestión"],
  [{ key: "nextActionTime", type: "time" }, "Next management time", "Hora de próxima gestión"],
];

/**
 * The first version of a form.
 * @throws 422 naming each field that cannot be, or that is missing
 */
export function createForm(draft: Draft, { id, at, by }: Stamp & { id: string }): ActivityForm {
  const { fields = usualFields(draft.language), ...facts } = draft;
  refuse(formFaults(fields));
  const trail = { version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  return { id, ...facts, fields, ...trail };
}

/**
 * The next version of a form.
 * @throws 422 like `createForm`
 */
export function changeForm(current: ActivityForm, patch: Patch, { at, by }: Stamp): ActivityForm {
  const next = { ...current, ...patch } as ActivityForm;
  refuse(formFaults(next.fields));
  return { ...next, version: current.version + 1, updatedAt: at, updatedBy: by };
}

const usualFields = (language: ActivityForm["language"]): FormField[] =>
  everyForm.map(([{ key, type }, en, es]) => ({
    key,
    label: language === "es" ? es : en,
    type,
    required: false,
  }));

const formFaults = (fields: readonly FormField[]): FieldFault[] => [
  ...fieldFaults(fields, "fields"),
  ...everyForm.flatMap(([{ key, type }]) => everyFormFaults(fields, key, type)),
];

function everyFormFaults(
  fields: readonly FormField[],
  key: string,
  type: FormField["type"],
): FieldFault[] {
  const place = fields.findIndex((field) => field.key === key);
  if (place < 0) return [fault("fields", `must have the field ${key}`, "missing")];
  if (fields[place]?.type === type) return [];
  return [fault(`fields[${place}].type`, `must be ${type}`, "fixed")];
}

/**
 * What is wrong with the fields of a form: a key that is there twice, choices without options,
 * options of others.
 * @param path where the fields stand in the request
 */
export const fieldFaults = (fields: readonly FormField[], path: string): FieldFault[] => [
  ...repeated(fields.map(({ key }) => key.toLowerCase())).map((place) =>
    fault(`${path}[${place}].key`, "is there twice", "duplicate"),
  ),
  ...fields.flatMap((field, place) => optionFaults(field, `${path}[${place}].options`)),
];

function optionFaults({ type, options }: FormField, path: string): FieldFault[] {
  const isChoice = type === "singleChoice" || type === "multipleChoice";
  if (!isChoice) return options ? [fault(path, "are of choices only", "options")] : [];
  if (!options) return [fault(path, "is required of a choice", "required")];
  return repeated(options.map(nameKey)).map((place) =>
    fault(`${path}[${place}]`, "is there twice", "duplicate"),
  );
}

/** The fields that may be a campaign's main one: single choices (G06). */
export const possibleMainFields = ({ fields }: ActivityForm): string[] =>
  fields.filter(({ type }) => type === "singleChoice").map(({ key }) => key);

/**
 * Refuses a campaign's form that there is not, and a main field that is none of its choices.
 * @throws 422 at `activityFormId` or `mainField`
 */
export function requireMainField(
  form: ActivityForm | undefined,
  mainField: string | null | undefined,
): void {
  if (!form) throw invalidField("activityFormId", "is not an activity form", "unknown");
  if (!mainField || possibleMainFields(form).includes(mainField)) return;
  throw invalidField("mainField", "is not a single choice of the activity form", "unknown");
}

/**
 * Refuses a form without what a campaign has as its main field.
 * @throws 409 MAIN_FIELD_IN_USE naming the campaign and the field
 */
export function requireUnused(use: { id: string; mainField: string } | undefined): void {
  if (!use) return;
  const data = { campaignId: use.id, field: use.mainField };
  throw conflict("MAIN_FIELD_IN_USE", "A campaign has a field as its main one", data);
}
