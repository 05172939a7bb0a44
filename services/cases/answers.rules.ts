/** Whether an answer fits its field of a form (G16). Pure. */
import type { FormField } from "#shared/contracts/campaigns/forms.ts";
import type { Answers } from "#shared/contracts/cases/activities.ts";
import type { FieldFault } from "#shared/errors.ts";
import { asDay, multiLine, singleLine } from "#shared/fields.checks.ts";

type Answer = Answers[string];
type Wrong = [message: string, code: string];

/** Without what was left empty. */
export const emptied = (sent: Answers): Answers =>
  Object.fromEntries(
    Object.entries(sent).filter(
      ([, answer]) =>
        !(typeof answer === "string" && answer.trim() === "") &&
        !(Array.isArray(answer) && answer.length === 0),
    ),
  );

/** What is wrong with an answer, its path being the key of the field; undefined where it fits. */
export function faultOfAnswer(
  field: FormField,
  answer: Answer | undefined,
): FieldFault | undefined {
  const wrong = answer === undefined ? missing(field) : kinds[field.type](answer, field);
  return wrong && { path: field.key, message: wrong[0], code: wrong[1] };
}

const missing = ({ required }: FormField): Wrong | undefined =>
  required ? ["is required", "required"] : undefined;

const longest = { text: 500, longText: 20_000 };
const mostNumber = 1e15;

const kinds: Record<FormField["type"], (answer: Answer, field: FormField) => Wrong | undefined> = {
  text: (answer) => wrongText(answer, longest.text, singleLine),
  longText: (answer) => wrongText(answer, longest.longText, multiLine),
  number: (answer) =>
    typeof answer === "number" && Math.abs(answer) <= mostNumber
      ? undefined
      : ["must be a number", "number"],
  date: (answer) => wrongBy(asDay, answer),
  time: (answer) =>
    typeof answer === "string" && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(answer)
      ? undefined
      : ["must be a time, HH:MM", "time"],
  boolean: (answer) =>
    typeof answer === "boolean" ? undefined : ["must be true or false", "boolean"],
  singleChoice: (answer, { options = [] }) =>
    typeof answer === "string" && options.includes(answer)
      ? undefined
      : ["must be one of the options", "option"],
  multipleChoice: (answer, { options = [] }) => wrongChoices(answer, options),
};

type Check = (
  value: unknown,
  faults: { type: string; message?: string }[],
  rule: { trimmed?: boolean },
) => unknown;

function wrongText(answer: Answer, most: number, check: Check): Wrong | undefined {
  if (typeof answer !== "string") return ["must be a text", "string"];
  if (answer.length > most) return [`must have at most ${String(most)} characters`, "stringMax"];
  return wrongBy(check, answer);
}

function wrongBy(check: Check, answer: Answer): Wrong | undefined {
  const faults: { type: string; message?: string }[] = [];
  check(answer, faults, {});
  const [first] = faults;
  return first && [first.message ?? "is not valid", first.type];
}

function wrongChoices(answer: Answer, options: readonly string[]): Wrong | undefined {
  if (!Array.isArray(answer)) return ["must be a list of options", "array"];
  if (!answer.every((one) => options.includes(one))) return ["must be options", "option"];
  return new Set(answer).size < answer.length ? ["has one twice", "duplicate"] : undefined;
}
