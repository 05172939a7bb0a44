import { expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import {
  anything,
  base64,
  day,
  decimal,
  eachAlone,
  email,
  id,
  instant,
  list,
  longText,
  map,
  nullable,
  oneOf,
  optional,
  record,
  says,
  secret,
  text,
  whole,
  withDefault,
  word,
  yesNo,
  type Field,
  type Shape,
} from "./fields.ts";
import { schemaOfField, schemaOfShape } from "./json-schema.ts";
import { outsideChecker } from "./validation.ts";

const ajv = new Ajv2020({ strict: true, strictTypes: false });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);

const request = { of: "request" } as const;
const accepts = (shape: Shape) => {
  const check = outsideChecker(shape);
  return (value: object): boolean => {
    try {
      check(structuredCloneHere(value));
      return true;
    } catch {
      return false;
    }
  };
};
const structuredCloneHere = (value: object) => JSON.parse(JSON.stringify(value)) as object;

const awkward = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      ...Array.from("aZ09_-.:@+/= \n\t\u0000\u00a0\u0085\ufeff\u2028é😀{}[]\"'\\TZ"),
    ),
    maxLength: 12,
  }),
  fc.stringMatching(/^[ \u00a0\ufeff]?[a-z0-9_.]{1,6}@[A-Za-z0-9-]{1,5}\.[A-Za-z]{1,4}[ \n]?$/),
  fc.stringMatching(
    /^20[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-]01:?00))?$/,
  ),
  fc.base64String({ maxLength: 12 }),
);
const values = fc.oneof(
  { weight: 6, arbitrary: awkward },
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 12 }),
  fc.double({ min: -3, max: 12, noNaN: true }),
  fc.array(awkward, { maxLength: 4 }),
  fc.dictionary(awkward, awkward, { maxKeys: 4 }),
  fc.record({ a: awkward, b: fc.integer() }, { requiredKeys: [] }),
);

const fields: Record<string, Field<unknown>> = {
  id,
  text: text(5),
  emptyText: text(5, 0),
  longerText: text(5, 3),
  longText: longText(5, 1),
  secret: secret(8, 3),
  word: word(/^[\w-]+\d$/, 6),
  whole: whole(0, 9),
  decimal: decimal(0, 9),
  yesNo,
  instant,
  day,
  email,
  base64: base64(3),
  oneOf: oneOf("a", "b"),
  list: list(text(3), 2, 1),
  record: record({ a: text(3), b: optional(whole(0, 5)) }),
  map: map(text(3), 2),
  eachAlone: eachAlone({ a: id }),
  nullable: nullable(text(3)),
  nullableEnum: nullable(oneOf("a")),
  nullableList: nullable(list(id, 2)),
  optional: optional(text(3)),
  withDefault: withDefault(whole(0, 9), 3),
  withDefaultOrNull: withDefault(nullable(text(3)), "x"),
};

test.each(Object.keys(fields))("B11: what the schema of %s refuses, we refuse", (name) => {
  const shape = { field: fields[name]! };
  const isAccepted = accepts(shape);
  const fits = ajv.compile(schemaOfShape(shape, request));

  fc.assert(
    fc.property(values, (field) => fits({ field }) || !isAccepted({ field })),
    { numRuns: 2_000 },
  );
});

test("B11: every time of day and every zone that we take is in the schema", () => {
  const isAccepted = accepts({ at: instant });
  const fits = ajv.compile(schemaOfShape({ at: instant }, request));
  const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));
  const times = twoDigits.flatMap((two) => [
    `2026-${two}-01T10:00Z`,
    `2026-01-${two}T10:00Z`,
    ...[`${two}:00Z`, `${two}:00:00Z`, `10:${two}Z`, `10:00:${two}Z`, `10:00+${two}:00`],
    ...[`10:00:00-${two}00`, `10:00-10:${two}`, `10:00:00+00${two}`, `${two}:59:59.5Z`],
  ]);

  const taken = times
    .map((time) => (time.startsWith("2026") ? time : `2026-01-31T${time}`))
    .filter((at) => isAccepted({ at }));

  expect(taken.length).toBeGreaterThan(200);
  expect(taken.filter((at) => !fits({ at }))).toEqual([]);
});

test("B11: members that are missing or unknown are refused by schema and validator alike", () => {
  const shape = { must: id, may: optional(id), usual: withDefault(id, "x"), any: anything };
  const isAccepted = accepts(shape);
  const fits = ajv.compile(schemaOfShape(shape, request));

  for (const value of [{ must: "a" }, {}, { must: "a", may: "b" }, { must: "a", other: "b" }]) {
    expect([value, fits(value)]).toEqual([value, isAccepted(value)]);
  }
});

test("B11: an answer has what has a default, may grow, and names standard formats", () => {
  const shape = { name: withDefault(text(9), "x"), at: instant, day, email, more: optional(id) };

  expect(schemaOfShape(shape, { of: "answer" })).toEqual({
    type: "object",
    properties: {
      name: expect.objectContaining({ type: "string", maxLength: 9 }) as unknown,
      at: { type: "string", format: "date-time" },
      day: { type: "string", format: "date" },
      email: { type: "string", format: "email" },
      more: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
    },
    required: ["name", "at", "day", "email"],
  });
});

test("B11: known shapes are referred to, also where they may be null", () => {
  const Known = { id };
  const refer = (shape: Shape) => (shape === Known ? { $ref: "#/known" } : undefined);
  const field = record({ one: record(Known), none: nullable(record(Known)) });

  expect(schemaOfField(field, { of: "answer", refer })).toMatchObject({
    properties: {
      one: { $ref: "#/known" },
      none: { anyOf: [{ $ref: "#/known" }, { type: "null" }] },
    },
  });
});

test("B11: a field's sentence and default are told", () => {
  const field = says("How many.", withDefault(whole(1, 9), 5));

  expect(schemaOfField(field, request)).toEqual({
    type: "integer",
    minimum: 1,
    maximum: 9,
    description: "How many.",
    default: 5,
  });
});
