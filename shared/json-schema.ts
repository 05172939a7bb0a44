/**
 * JSON Schema (2020-12) of a field, as OpenAPI shows it. What a request's schema refuses, the
 * validator refuses too: the schema never promises more strictness than there is, so where the
 * check takes more than a standard `format` names, a pattern says it instead.
 */
import { multiLine, singleLine } from "./fields.checks.ts";
import type { Field, Shape } from "./fields.ts";

export type JsonSchema = Record<string, unknown>;

export interface Rendering {
  /** What is sent to us may leave out what has a default; what we answer has it. */
  readonly of: "request" | "answer";
  /** Renders an object of a known shape elsewhere and answers where (`$ref`). */
  readonly refer?: (shape: Shape) => JsonSchema | undefined;
}

/** The schema of one field. */
export function schemaOfField(field: Field<unknown>, as: Rendering): JsonSchema {
  const schema = (kinds[field.type] ?? anything)(field, as);
  const notes = {
    ...(field.says ? { description: field.says } : {}),
    ...(as.of === "request" ? defined({ default: field["default"] as unknown }) : {}),
  };
  return { ...(field.nullable ? orNull(schema) : schema), ...notes };
}

/** The schema of an object of this shape. */
export function schemaOfShape(shape: Shape, as: Rendering): JsonSchema {
  const entries = Object.entries(shape);
  const required = entries.filter(([, field]) => isRequired(field, as)).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, field]) => [name, schemaOfField(field, as)]),
    ),
    ...(required.length > 0 ? { required } : {}),
    ...(as.of === "request" ? { additionalProperties: false } : {}),
  };
}

/** Whether a member must be there. */
export const isRequired = (field: Field<unknown>, { of }: Rendering): boolean =>
  !field.optional && (of === "answer" || field["default"] === undefined);

type Kind = (field: Field<unknown>, as: Rendering) => JsonSchema;

const anything: Kind = () => ({});

const kinds: Record<string, Kind> = {
  string: (field) => ({
    type: "string",
    ...lengths(field),
    ...contentOf(field),
  }),
  number: ({ integer, min, max }) => ({
    type: integer ? "integer" : "number",
    ...defined({ minimum: min, maximum: max }),
  }),
  boolean: () => ({ type: "boolean" }),
  enum: ({ values }) => ({ type: "string", enum: values }),
  array: ({ items, min, max }, as) => ({
    type: "array",
    items: schemaOfField(items as Field<unknown>, as),
    ...defined({ minItems: min === 0 ? undefined : min, maxItems: max }),
  }),
  object: ({ props, alone }, as) =>
    alone ? { anyOf: [objectOf(alone, as), { type: "object" }] } : objectOf(props as Shape, as),
  record: ({ key, value, maxKeys }, as) => ({
    type: "object",
    propertyNames: { type: "string", ...contentOf(key as Field<unknown>) },
    additionalProperties: schemaOfField(value as Field<unknown>, as),
    ...defined({ maxProperties: maxKeys }),
  }),
  custom: ({ format }, { of }) => formats[format ?? ""]?.[of] ?? { type: "string" },
};

const objectOf = (shape: Shape, as: Rendering): JsonSchema =>
  as.refer?.(shape) ?? schemaOfShape(shape, as);

const lengths = ({ min, max }: Field<unknown>): JsonSchema =>
  defined({ minLength: min === 0 ? undefined : min, maxLength: max });

/** What `singleLine` refuses, and what `trim` takes away besides the space. */
const controls = String.raw`\u0000-\u001f\u007f\u2028\u2029`;
const blanks = String.raw` \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff`;
const blank = `[\\u0009-\\u000d\\u2028\\u2029${blanks}]`;

/** Which characters a text may have. */
function contentOf(field: Field<unknown>): JsonSchema {
  const { custom, format } = field;
  const { pattern, trimmed, min, maxBytes } = field as Record<string, unknown>;
  if (pattern instanceof RegExp) return { pattern: asciiPattern(pattern) };
  if (format === "byte") return base64Of(maxBytes as number);
  if (custom === multiLine) return { pattern: String.raw`^[^\u0000]*$` };
  if (custom !== singleLine) return {};
  const plain = `[^${controls}]*`;
  return {
    pattern: trimmed && min ? `^${plain}[^${controls}${blanks}]${plain}$` : `^${plain}$`,
  };
}

const base64Of = (maxBytes: number): JsonSchema => ({
  contentEncoding: "base64",
  maxLength: Math.ceil(maxBytes / 3) * 4,
  pattern: "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
});

const emailPattern =
  `^${blank}*[A-Za-z0-9_.!#$%&'*+/=?^\`{|}~-]{1,64}@` +
  "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]" +
  `${blank}*$`;

const calendarDay = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const timeOfDay = "([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?";

const texts = { type: "array", items: { type: "string" }, maxItems: 100 };
const filledIn = {
  anyOf: [{ type: "string" }, { type: "number" }, { type: "boolean" }, texts],
};

const formats: Record<string, Record<Rendering["of"], JsonSchema>> = {
  "date-time": {
    request: {
      type: "string",
      description: "ISO 8601 with a zone, such as 2026-01-31T10:00:00Z",
      pattern: `^${calendarDay}T${timeOfDay}(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])$`,
    },
    answer: { type: "string", format: "date-time" },
  },
  "filled-in": { request: filledIn, answer: filledIn },
  date: {
    request: { type: "string", format: "date", pattern: `^${calendarDay}$` },
    answer: { type: "string", format: "date" },
  },
  email: {
    request: { type: "string", maxLength: 400, pattern: emailPattern },
    answer: { type: "string", format: "email" },
  },
  uri: {
    request: { type: "string", maxLength: 2_000 },
    answer: { type: "string", format: "uri" },
  },
};

/** The same pattern where `\w` and `\d` would take in letters and digits of all the world. */
const asciiPattern = ({ source }: RegExp): string =>
  source.replaceAll(
    /\\[\s\S]|\[|\]/g,
    (() => {
      let inClass = false;
      return (token: string): string => {
        if (token === "[" || token === "]") inClass = token === "[";
        const inside = ascii[token];
        if (inside === undefined) return token;
        return inClass ? inside : `[${inside}]`;
      };
    })(),
  );

const ascii: Record<string, string> = { "\\w": "A-Za-z0-9_", "\\d": "0-9" };

/** A schema that also takes `null`. */
function orNull(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema["enum"])) {
    return {
      ...schema,
      type: [schema["type"], "null"],
      enum: [...(schema["enum"] as unknown[]), null],
    };
  }
  return typeof schema["type"] === "string"
    ? { ...schema, type: [schema["type"], "null"] }
    : { anyOf: [schema, { type: "null" }] };
}

const defined = (values: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
