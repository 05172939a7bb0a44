/** What may be filled into the fields of a tab (F203). Pure. */
import type { FormField } from "#shared/contracts/campaigns/forms.ts";
import type { FieldValue, FieldValues } from "#shared/contracts/cases/tabs.ts";
import { invalid, type FieldFault } from "#shared/errors.ts";

/**
 * What was filled in, without the fields that were left empty.
 * @throws 422 VALIDATION_ERROR at each `values.<key>` that is unknown, missing or not of its type
 */
export function filledIn(fields: readonly FormField[], values: FieldValues): FieldValues {
  const said = Object.entries(values).filter(([, value]) => !isEmpty(value));
  const faults = [
    ...Object.keys(values).flatMap((key) =>
      fields.some((field) => field.key === key) ? [] : [fault(key, "is not a field", "unknown")],
    ),
    ...fields.flatMap((field) => faultsAt(field, said)),
  ];
  if (faults.length > 0) throw invalid(faults);
  return Object.fromEntries(said);
}

const isEmpty = (value: FieldValue): boolean =>
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0);

const fault = (key: string, message: string, code: string): FieldFault => ({
  path: `values.${key}`,
  message,
  code,
});

function faultsAt(field: FormField, said: readonly [string, FieldValue][]): FieldFault[] {
  const [, value] = said.find(([key]) => key === field.key) ?? [];
  if (value === undefined) {
    return field.required ? [fault(field.key, "is required", "required")] : [];
  }
  const { takes, says } = kinds[field.type];
  return takes(value, field) ? [] : [fault(field.key, says, field.type)];
}

interface Kind {
  takes: (value: FieldValue, field: FormField) => boolean;
  /** What it takes, for people. */
  says: string;
}

const kinds: Readonly<Record<FormField["type"], Kind>> = {
  text: {
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    takes: (value) => isText(value, 500) && !/[\u0000-\u001f\u007f\u2028\u2029]/.test(value),
    says: "must be one line of at most 500 characters",
  },
  longText: {
    takes: (value) => isText(value, 5_000) && !value.includes("\0"),
    says: "must be a text",
  },
  number: { takes: (value) => typeof value === "number", says: "must be a number" },
  date: { takes: (value) => isText(value, 10) && isDay(value), says: "must be a day, YYYY-MM-DD" },
  time: {
    takes: (value) => isText(value, 5) && /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
    says: "must be a time of day, HH:MM",
  },
  boolean: { takes: (value) => typeof value === "boolean", says: "must be true or false" },
  singleChoice: {
    takes: (value, { options = [] }) => isText(value, 120) && options.includes(value),
    says: "must be one of its options",
  },
  multipleChoice: {
    takes: (value, { options = [] }) =>
      Array.isArray(value) &&
      new Set(value).size === value.length &&
      value.every((one) => options.includes(one)),
    says: "must be some of its options, each once",
  },
};

const isText = (value: FieldValue, most: number): value is string =>
  typeof value === "string" && value.length <= most;

const isDay = (value: string): boolean => {
  const parsed = new Date(`${value}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Number(parsed))
    ? parsed.toISOString().startsWith(value)
    : false;
};
