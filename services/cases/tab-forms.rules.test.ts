/** Filling in the form of a tab (F203). */
import { expect, test } from "@jest/globals";
import type { FormField } from "#shared/contracts/campaigns/forms.ts";
import { filledIn } from "./tab-forms.rules.ts";

const field = (key: string, type: FormField["type"], more: Partial<FormField> = {}): FormField => ({
  ...{ key, label: key, type, required: false },
  ...more,
});
const options = ["Red", "Blue"];
const fields = [
  field("plan", "text", { required: true }),
  field("story", "longText"),
  field("debt", "number"),
  field("since", "date"),
  field("hour", "time"),
  field("agreed", "boolean"),
  field("colour", "singleChoice", { options }),
  field("colours", "multipleChoice", { options }),
];

test("F203: a form takes a value of its type in each field; what is empty is left out", () => {
  const whole = {
    ...{ plan: "Gold", story: "a\nb", debt: -1.5, since: "2026-02-28", hour: "23:59" },
    ...{ agreed: false, colour: "Red", colours: ["Blue", "Red"] },
  };

  expect(filledIn(fields, whole)).toEqual(whole);
  expect(filledIn(fields, { plan: "Gold", story: "  ", colours: [] })).toEqual({ plan: "Gold" });
});

test.each([
  ["plan", 5, "text"],
  ["plan", "a\nb", "text"],
  ["plan", "x".repeat(501), "text"],
  ["plan", "", "required"],
  ["story", true, "longText"],
  ["debt", "5", "number"],
  ["since", "2026-02-30", "date"],
  ["since", "28.2.2026", "date"],
  ["hour", "24:00", "time"],
  ["hour", "9:00", "time"],
  ["agreed", "yes", "boolean"],
  ["colour", "Green", "singleChoice"],
  ["colour", ["Red"], "singleChoice"],
  ["colours", "Red", "multipleChoice"],
  ["colours", ["Red", "Red"], "multipleChoice"],
  ["colours", ["Green"], "multipleChoice"],
  ["other", "x", "unknown"],
  ["constructor", "x", "unknown"],
])("F203: the field %s does not take %j", (key, value, code) => {
  const refused = { code: 422, data: { errors: [{ path: `values.${key}`, code }] } };

  let thrown: unknown;
  try {
    filledIn(fields, { plan: "Gold", [key]: value });
  } catch (error) {
    thrown = error;
  }

  expect(thrown).toMatchObject(refused);
});
