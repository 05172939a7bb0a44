/** What may be filled into a form, when a next action is, and what a form begins with. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { FormField } from "#shared/contracts/campaigns/forms.ts";
import type { Activity, Answers } from "#shared/contracts/cases/activities.ts";
import { isRefusal, type FieldFault } from "#shared/errors.ts";
import { aForm, everyField, outcome } from "./activities.samples.ts";
import { filled, nextActionOf, prefilled, previewOf, type Setting } from "./activities.rules.ts";

const aField = (type: FormField["type"], said: Partial<FormField> = {}): FormField => ({
  ...{ key: "field", label: "A field", type, required: false },
  ...(type.endsWith("Choice") ? { options: ["One", "Two", "Three"] } : {}),
  ...said,
});

/** The codes of what is refused at `answers.field`; none where the answer is taken. */
function faultsOf(field: FormField, answers: Answers): string[] {
  try {
    filled({ fields: [field] }, answers);
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { errors } = error.data as { errors: FieldFault[] };
    return errors.map(({ path, code }) => `${path} ${code}`);
  }
}

test.each([
  ["text", "one line", true],
  ["text", "two\nlines", false],
  ["text", "x".repeat(501), false],
  ["text", 7, false],
  ["longText", "two\nlines", true],
  ["longText", "a\0b", false],
  ["longText", "\ud800", false],
  ["longText", "x".repeat(20_001), false],
  ["number", 3.5, true],
  ["number", -1e15, true],
  ["number", 1e16, false],
  ["number", "3", false],
  ["date", "2028-02-29", true],
  ["date", "2027-02-29", false],
  ["date", "2027-7-1", false],
  ["date", 20270701, false],
  ["time", "00:00", true],
  ["time", "23:59", true],
  ["time", "24:00", false],
  ["time", "9:00", false],
  ["boolean", false, true],
  ["boolean", "true", false],
  ["singleChoice", "Two", true],
  ["singleChoice", "two", false],
  ["singleChoice", ["Two"], false],
  ["multipleChoice", ["Three", "One"], true],
  ["multipleChoice", ["One", "Four"], false],
  ["multipleChoice", ["One", "One"], false],
  ["multipleChoice", "One", false],
] as const)("G16: a field of the type %s is answered with %j: %s", (type, answer, isTaken) => {
  const faults = faultsOf(aField(type), { field: answer as Answers[string] });

  expect(faults.map((one) => one.split(" ")[0])).toEqual(isTaken ? [] : ["answers.field"]);
});

test("G16: what is required has to be answered, also where it was sent empty", () => {
  const field = aField("multipleChoice", { required: true });

  for (const sent of [{}, { field: [] }, { field: "  " }] as Answers[]) {
    expect(faultsOf(field, sent)).toEqual(["answers.field required"]);
  }
  expect(filled({ fields: [aField("text")] }, { field: "" })).toEqual({});
});

test("G16: what belongs to no field is refused, all faults at once", () => {
  const faults = faultsOf(aField("number"), { field: "x", other: "y", more: 1 });

  expect(faults).toEqual([
    "answers.other unknownField",
    "answers.more unknownField",
    "answers.field number",
  ]);
});

const now = new Date("2026-03-01T10:00:00Z");
const inZone = (timeZone: string, said: Partial<Setting> = {}): Setting => ({
  timeZone,
  calendar: { hours: [], holidays: [] },
  mainField: null,
  ...said,
});
const planned = (nextActionDate: string, nextActionTime?: string): Answers => ({
  nextActionDate,
  ...(nextActionTime === undefined ? {} : { nextActionTime }),
});

test.each([
  ["UTC", "2026-07-01", "15:30", "2026-07-01T15:30:00.000Z"],
  ["America/Bogota", "2026-07-01", "15:30", "2026-07-01T20:30:00.000Z"],
  ["Europe/Madrid", "2026-07-01", "00:15", "2026-06-30T22:15:00.000Z"],
  ["Asia/Kathmandu", "2026-07-01", "15:30", "2026-07-01T09:45:00.000Z"],
  // the clocks go forward at 02:00: there is no 02:30
  ["Europe/Madrid", "2026-03-29", "02:30", "2026-03-29T01:30:00.000Z"],
  // they go back at 03:00: 02:30 comes twice
  ["Europe/Madrid", "2026-10-25", "02:30", "2026-10-25T00:30:00.000Z"],
  ["America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00.000Z"],
  ["Australia/Sydney", "2026-04-05", "02:30", "2026-04-04T15:30:00.000Z"],
])("D23, F171: in %s %s %s is %s", (timeZone, day, clock, instant) => {
  const at = nextActionOf(planned(day, clock), inZone(timeZone), now);

  expect(at?.toISOString()).toBe(instant);
});

test("F171: a day without a time means the beginning of its work, or nine o'clock", () => {
  const hours = [
    { weekday: "wednesday" as const, from: "14:00", to: "18:00", breaks: [] },
    { weekday: "wednesday" as const, from: "07:30", to: "12:00", breaks: [] },
  ];
  const setting = inZone("America/Bogota", { calendar: { hours, holidays: [] } });

  const wednesday = nextActionOf(planned("2026-07-01"), setting, now);
  const thursday = nextActionOf(planned("2026-07-02"), setting, now);

  expect(wednesday?.toISOString()).toBe("2026-07-01T12:30:00.000Z");
  expect(thursday?.toISOString()).toBe("2026-07-02T14:00:00.000Z");
});

test("F171: a time needs its day, and nothing is planned ten years ahead", () => {
  const ask = (answers: Answers) => () => nextActionOf(answers, inZone("UTC"), now);
  const refusal = (code: string) =>
    expect.objectContaining({
      data: { errors: [expect.objectContaining({ path: "answers.nextActionDate", code })] },
    });

  expect(ask({ nextActionTime: "10:00" })).toThrow(refusal("required"));
  expect(ask(planned("2036-03-02", "10:00"))).toThrow(refusal("tooFar"));
  expect(ask(planned("0001-01-01", "10:00"))).toThrow(refusal("tooFar"));
  expect(ask({})()).toBeUndefined();
  // written down late: overdue from the beginning
  expect(ask(planned("2026-02-01", "10:00"))()).toEqual(new Date("2026-02-01T10:00:00Z"));
});

test("D23: whatever the zone, day and time are what its clock shows then", () => {
  const zones = ["America/Bogota", "Europe/Madrid", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"];
  const parts = fc.record({
    zone: fc.constantFrom(...zones),
    days: fc.integer({ min: 0, max: 3_000 }),
    // clocks change in the small hours
    hour: fc.integer({ min: 4, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
  });
  fc.assert(
    fc.property(parts, ({ zone, days, hour, minute }) => {
      const day = new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
      const clock = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;

      const at = nextActionOf(planned(day, clock), inZone(zone), now);

      const shown = new Intl.DateTimeFormat("sv-SE", {
        ...{ timeZone: zone, dateStyle: "short", timeStyle: "short" },
      }).format(at);
      expect(shown).toBe(`${day} ${clock}`);
    }),
  );
});

const anActivity = (said: Partial<Activity>): Activity => ({
  ...{ id: "last", caseId: "case", campaignId: "support", formId: "standard", formVersion: 1 },
  ...{ createdAt: now, createdBy: "ada" },
  ...said,
});

test("F177: what does not fit the form any more is left out, and so is a next action that is past", () => {
  const changed = aForm({
    version: 2,
    fields: [...everyField, { ...outcome, options: ["Solved"] }, aField("number")],
  });
  const answers = {
    ...{ observations: "Called", outcome: "Call back", field: "seven", former: "gone" },
    ...planned("2026-03-02", "10:00"),
  };
  const last = anActivity({ answers, nextActionAt: new Date("2026-03-02T10:00:00Z") });

  expect(prefilled(changed, last, now)).toEqual({
    observations: "Called",
    ...planned("2026-03-02", "10:00"),
  });
  expect(prefilled(changed, last, new Date("2026-03-02T10:00:00Z"))).toEqual({
    observations: "Called",
  });
  expect(prefilled(changed, anActivity({}), now)).toEqual({});
});

test("F179: a preview cuts no character in two", () => {
  const observations = "🙂".repeat(501);

  const preview = previewOf({ answers: { observations } });

  expect(preview).toBe(`${"🙂".repeat(499)}…`);
  expect(previewOf({ answers: { observations: "🙂".repeat(500) } })).toBe("🙂".repeat(500));
  expect(previewOf({})).toBeUndefined();
});
