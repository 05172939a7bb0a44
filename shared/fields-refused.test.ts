/** What each field of the vocabulary refuses: where, and with which code. */
import { expect, test } from "@jest/globals";
import {
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
  oneOf,
  optional,
  record,
  secret,
  text,
  whole,
  word,
  yesNo,
  type Field,
} from "./fields.ts";
import { long, taken } from "./fields.samples.ts";

const json = (text: string): unknown => JSON.parse(text);

const refused: Record<string, [Field<unknown>, [sent: unknown, ...faults: string[]][]]> = {
  id: [
    id,
    [
      [undefined, "value required"],
      [null, "value null"],
      ["", "value stringPattern"],
      [long(65), "value stringPattern"],
      ["a b", "value stringPattern"],
      ["a\n", "value stringPattern"],
      [{ $ne: 1 }, "value string"],
      [7, "value string"],
    ],
  ],
  text: [
    text(5),
    [
      ["", "value stringMin"],
      ["  \u00a0 ", "value stringMin"],
      [long(6), "value stringMax"],
      ["a\rb", "value singleLine"],
      ["a\nb", "value singleLine"],
      ["a\0b", "value singleLine"],
      ["a\tb", "value singleLine"],
      ["a\u007fb", "value singleLine"],
      ["a\u2028b", "value singleLine"],
      ["a\ud800", "value unicode"],
      [["a"], "value string"],
    ],
  ],
  longText: [
    longText(5, 1),
    [
      ["a\0", "value noNul"],
      ["\udc00", "value unicode"],
      ["", "value stringMin"],
      [long(6), "value stringMax"],
    ],
  ],
  word: [
    word(/^[a-z]+$/, 5),
    [
      ["aB", "value stringPattern"],
      ["abcdef", "value stringMax"],
    ],
  ],
  secret: [
    secret(20, 8),
    [
      ["short", "value stringMin"],
      [`${long(8)}\n`, "value singleLine"],
    ],
  ],
  whole: [
    whole(1, 5),
    [
      [0, "value numberMin"],
      [6, "value numberMax"],
      [1.5, "value numberInteger"],
      ["1", "value number"],
      [NaN, "value number"],
      [Infinity, "value number"],
    ],
  ],
  decimal: [
    decimal(0, 1),
    [
      [1.01, "value numberMax"],
      [true, "value number"],
    ],
  ],
  yesNo: [yesNo, [["true", "value boolean"]]],
  instant: [
    instant,
    [
      ["2026-02-30T10:00:00Z", "value instant"],
      ["2025-02-29T10:00:00Z", "value instant"],
      ["2026-13-01T10:00:00Z", "value instant"],
      ["2026-01-31T25:00:00Z", "value instant"],
      ["2026-01-31T10:00:00", "value instant"],
      ["2026-01-31", "value instant"],
      ["yesterday", "value instant"],
      [1_769_853_600_000, "value instant"],
      [new Date(NaN), "value instant"],
    ],
  ],
  day: [
    day,
    [
      ["2026-02-30", "value day"],
      ["2026-2-3", "value day"],
      ["2026-02-03T00:00:00Z", "value day"],
    ],
  ],
  email: [
    email,
    [
      ["ada", "value email"],
      ["@example.com", "value email"],
      ["ada@localhost", "value email"],
      ["ada@example..com", "value email"],
      [".ada@example.com", "value email"],
      ["a..da@example.com", "value email"],
      ["ada@example.com\r\nBcc: x@example.com", "value email"],
      ["ada@-a.com", "value email"],
      [`${long(65)}@example.com`, "value email"],
      [7, "value email"],
    ],
  ],
  base64: [
    base64(3),
    [
      ["AAECAw==", "value maxBytes"],
      ["aGk", "value base64"],
      ["a-_=", "value base64"],
      ["aGk=\n", "value base64"],
      ["=aGk", "value base64"],
    ],
  ],
  oneOf: [
    oneOf("a", "b"),
    [
      ["c", "value enumValue"],
      [["a"], "value enumValue"],
    ],
  ],
  list: [
    list(text(5), 2, 1),
    [
      [[], "value arrayMin"],
      [["a", "b", "c"], "value arrayMax"],
      [["a", 7], "value[1] string"],
      ["a", "value array"],
      [[null], "value[0] null"],
    ],
  ],
  record: [
    record({ a: text(5), in: optional(record({ b: optional(yesNo) })) }),
    [
      [{}, "value.a required"],
      [{ a: "x", z: 1, y: 2 }, "value.z unknownField", "value.y unknownField"],
      [{ a: "x", in: { c: 1 } }, "value.in.c unknownField"],
      [{ a: "x", in: null }, "value.in null"],
      [json('{"a":"x","__proto__":{"b":1}}'), "value.__proto__ unknownField"],
      [json('{"a":"x","in":{"constructor":1}}'), "value.in.constructor unknownField"],
      [[], "value object"],
      ["x", "value object"],
    ],
  ],
  "a list of records": [
    list(record({ a: text(5) }), 3),
    [[[{ a: "x" }, { a: "x", b: 1 }], "value[1].b unknownField"]],
  ],
  eachAlone: [eachAlone({ a: text(5) }), [["x", "value object"]]],
  map: [
    map(text(5), 2),
    [
      [{ a: "1", b: "2", c: "3" }, "value maxKeys"],
      [{ $a: "x" }, "value.$a stringPattern"],
      [json('{"__proto__":"x"}'), "value.__proto__ stringPattern"],
      [{ "a.b": "x" }, "value.a.b stringPattern"],
      [{ "": "x" }, "value. stringPattern"],
      [{ "a\0": "x" }, "value.a\0 stringPattern"],
      [{ a: 7 }, "value.a string"],
      [{ a: null }, "value.a null"],
      ["x", "value record"],
    ],
  ],
};

test.each(Object.entries(refused))("%s refuses", (_name, [field, rows]) => {
  const given = rows.map(([sent]) => [sent, ...(taken(field, sent) as string[])]);

  expect(given).toEqual(rows);
});
