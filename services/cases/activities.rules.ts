/** What may be filled into an activity form, and what it says about the case (F170-F172, F177). Pure. */
import { DateTime } from "luxon";
import { changesBetween } from "#shared/changes.rules.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import type { ActivityForm, FormField } from "#shared/contracts/campaigns/forms.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Activity, Answers } from "#shared/contracts/cases/activities.ts";
import type { Change } from "#shared/contracts/common.ts";
import { conflict, invalid, invalidField } from "#shared/errors.ts";
import { emptied, faultOfAnswer } from "./answers.rules.ts";

/** The keys of what every form has (F171). */
const date = "nextActionDate";
const time = "nextActionTime";
const observations = "observations";

/** The campaign that a form is filled in for. */
export type Setting = Pick<Campaign, "timeZone" | "calendar" | "mainField">;

/**
 * What was filled in, without what was left empty.
 * @throws 422 VALIDATION_ERROR naming each answer that does not fit its field, is missing or belongs
 *   to no field
 */
export function filled({ fields }: Pick<ActivityForm, "fields">, sent: Answers): Answers {
  const answers = emptied(sent);
  const known = new Set(fields.map(({ key }) => key));
  const faults = [
    ...Object.keys(sent)
      .filter((key) => !known.has(key))
      .map((key) => ({ path: key, message: "is not a field of the form", code: "unknownField" })),
    ...fields.flatMap((field) => faultOfAnswer(field, answers[field.key]) ?? []),
  ];
  if (faults.length === 0) return answers;
  throw invalid(faults.map((fault) => ({ ...fault, path: `answers.${fault.path}` })));
}

/** How far from now a next action may lie. */
const mostYears = 10;

/**
 * When the next action is: day and time are the clock's in the campaign's time zone. A day alone
 * means the beginning of its work by the campaign's calendar, or 9 o'clock where that says nothing.
 * A time that the clocks skip counts from before they went forward; of one that comes twice, the first counts.
 * @throws 422 VALIDATION_ERROR for a time without a day, and for what lies ten years away
 */
export function nextActionOf(answers: Answers, setting: Setting, now: Date): Date | undefined {
  const { [date]: day, [time]: clock } = answers;
  if (day === undefined && clock === undefined) return undefined;
  if (typeof day !== "string") {
    throw invalidField(`answers.${date}`, "is required with a time", "required");
  }
  const at = momentOf(day, typeof clock === "string" ? clock : opening(day, setting), setting);
  const years = Math.abs(DateTime.fromJSDate(at).diff(DateTime.fromJSDate(now), "years").years);
  if (years < mostYears) return at;
  throw invalidField(`answers.${date}`, "must lie within ten years", "tooFar");
}

function momentOf(day: string, clock: string, { timeZone }: Setting): Date {
  const wall = DateTime.fromISO(`${day}T${clock}`, { zone: timeZone });
  const moments = wall.getPossibleOffsets().map((one) => one.toMillis());
  return new Date(Math.min(...moments));
}

const usualOpening = "09:00";

function opening(day: string, { calendar, timeZone }: Setting): string {
  const weekday = DateTime.fromISO(day, { zone: timeZone }).setLocale("en").weekdayLong;
  const starts = calendar.hours
    .filter((span) => span.weekday === weekday?.toLowerCase())
    .map(({ from }) => from);
  return starts.sort()[0] ?? usualOpening;
}

/**
 * The activity that was filled in.
 * @throws 422 VALIDATION_ERROR naming what does not fit
 */
export function activityOf(
  { form, setting, sent }: { form: ActivityForm; setting: Setting; sent: Answers },
  made: { id: string; caseId: string; campaignId: string; at: Date; by: string },
): Activity {
  const answers = filled(form, sent);
  const disposition = dispositionIn(answers, form, setting);
  const nextActionAt = nextActionOf(answers, setting, made.at);
  const { id, caseId, campaignId, at: createdAt, by: createdBy } = made;
  return {
    ...{ id, caseId, campaignId, formId: form.id, formVersion: form.version, answers },
    ...(disposition === undefined ? {} : { disposition }),
    ...(nextActionAt ? { nextActionAt } : {}),
    ...{ createdAt, createdBy },
  };
}

function dispositionIn(
  answers: Answers,
  { fields }: ActivityForm,
  { mainField }: Setting,
): string | undefined {
  const main = fields.find(({ key, type }) => key === mainField && type === "singleChoice");
  const value = main && answers[main.key];
  return typeof value === "string" ? value : undefined;
}

/** The case with this as its last activity: what was planned before is done or replaced (F174). */
export function withActivity(kase: Case, { disposition, nextActionAt }: Activity): Case {
  const { disposition: _former, nextActionAt: _done, ...rest } = kase;
  return {
    ...rest,
    activityCount: (kase.activityCount ?? 0) + 1,
    ...(disposition === undefined ? {} : { disposition }),
    ...(nextActionAt ? { nextActionAt } : {}),
  };
}

/** What the change log says of a new activity (D18, F115). */
export const changesOf = ({ id: _id, ...activity }: Activity): Change[] =>
  changesBetween({}, activity);

/**
 * What the form begins with: the answers of the last activity that fit it as it is now (F177). A
 * next action that is past is over, and not planned again.
 */
export function prefilled(form: ActivityForm, last: Activity, now: Date): Answers {
  const isOver = !last.nextActionAt || last.nextActionAt <= now;
  const stays = ({ key }: FormField) => !(isOver && (key === date || key === time));
  return Object.fromEntries(
    form.fields.filter(stays).flatMap((field) => {
      const answer = last.answers?.[field.key];
      return answer === undefined || faultOfAnswer(field, answer) ? [] : [[field.key, answer]];
    }),
  );
}

const longestPreview = 500;

/** The beginning of the observations, for a list. */
export function previewOf({ answers }: Pick<Activity, "answers">): string | undefined {
  const said = answers?.[observations];
  if (typeof said !== "string") return undefined;
  const characters = Array.from(said.slice(0, 2 * longestPreview + 2));
  return characters.length > longestPreview
    ? `${characters.slice(0, longestPreview - 1).join("")}…`
    : characters.join("");
}

/**
 * Refuses what was filled into another form than the case's campaign has.
 * @throws 409 ACTIVITY_FORM_REPLACED with the one that it has
 */
export function requireForm(campaign: Pick<Campaign, "activityFormId">, formId = "") {
  const { activityFormId } = campaign;
  if (formId === "" || formId === activityFormId) return;
  throw replaced(activityFormId);
}

/** 409: the case came to another campaign while its form was filled in. */
export const replaced = (formId?: string) =>
  conflict("ACTIVITY_FORM_REPLACED", "The case has another form by now", formId ? { formId } : {});
