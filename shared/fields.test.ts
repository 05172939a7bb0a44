/** What each field of the vocabulary takes, as what its handler receives it, and how soon. */
import { expect, test } from "@jest/globals";
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
  partial,
  record,
  secret,
  text,
  whole,
  withDefault,
  word,
  yesNo,
  type Field,
} from "./fields.ts";
import { long, taken } from "./fields.samples.ts";

const at = (iso: string) => new Date(iso);

const accepted: Record<string, [Field<unknown>, [sent: unknown, received: unknown][]]> = {
  id: [
    id,
    [
      ["01a205c7-2c6b-7000-bf4a-a970954c9a63", "01a205c7-2c6b-7000-bf4a-a970954c9a63"],
      [long(64), long(64)],
    ],
  ],
  text: [
    text(5),
    [
      [" Ada ", "Ada"],
      ["Señor", "Señor"],
      ["<b>$x", "<b>$x"],
      ["😀😀", "😀😀"],
    ],
  ],
  "text that may be empty": [text(5, 0), [["", ""]]],
  longText: [
    longText(12),
    [
      ["a\r\n\tb", "a\r\n\tb"],
      [" kept ", " kept "],
      ["", ""],
    ],
  ],
  word: [word(/^[a-z]+$/), [["abc", "abc"]]],
  secret: [secret(20), [["  as typed ", "  as typed "]]],
  whole: [
    whole(-1, 5),
    [
      [-1, -1],
      [5, 5],
    ],
  ],
  decimal: [decimal(0, 1), [[0.5, 0.5]]],
  yesNo: [yesNo, [[false, false]]],
  instant: [
    instant,
    [
      ["2026-01-31T10:00:00Z", at("2026-01-31T10:00:00Z")],
      ["2026-01-31T10:00+02:00", at("2026-01-31T08:00:00Z")],
      ["2024-02-29T00:00:00.123Z", at("2024-02-29T00:00:00.123Z")],
      [at("2026-01-31T10:00:00Z"), at("2026-01-31T10:00:00Z")],
    ],
  ],
  day: [day, [["2024-02-29", "2024-02-29"]]],
  email: [
    email,
    [
      [" Ada.Byron+x@Example.COM ", "Ada.Byron+x@example.com"],
      [`${long(64)}@a-b.example`, `${long(64)}@a-b.example`],
    ],
  ],
  base64: [
    base64(3),
    [
      ["aGk=", "aGk="],
      ["AAEC", "AAEC"],
      ["", ""],
    ],
  ],
  oneOf: [oneOf("a", "b"), [["a", "a"]]],
  list: [
    list(text(5), 2, 1),
    [
      [
        [" a ", "b"],
        ["a", "b"],
      ],
    ],
  ],
  record: [record({ a: text(5), b: optional(yesNo) }), [[{ a: " x" }, { a: "x" }]]],
  eachAlone: [eachAlone({ a: text(5) }), [[{ b: 1 }, { b: 1 }]]],
  map: [
    map(text(5), 2),
    [
      [
        { "Año 2": "x", "utm_source/x": "y" },
        { "Año 2": "x", "utm_source/x": "y" },
      ],
      [{}, {}],
    ],
  ],
  anything: [
    anything,
    [
      [null, null],
      [[{ a: 1 }], [{ a: 1 }]],
    ],
  ],
  optional: [optional(id), [[undefined, undefined]]],
  nullable: [nullable(text(5)), [[null, null]]],
  withDefault: [
    withDefault(whole(1, 9), 4),
    [
      [undefined, 4],
      [5, 5],
    ],
  ],
  partial: [record(partial({ a: withDefault(text(5), "x"), b: yesNo })), [[{}, {}]]],
};

test.each(Object.entries(accepted))("%s takes", (_name, [field, pairs]) => {
  expect(pairs.map(([sent]) => taken(field, sent))).toEqual(pairs.map(([, received]) => received));
});

test("D23: a time with any zone is kept, and comes out, in UTC", () => {
  const received = taken(instant, "2026-01-31T23:30:00-05:00");

  expect(JSON.stringify(received)).toBe('"2026-02-01T04:30:00.000Z"');
});

test.each([
  ["email", email, `${"a.".repeat(50_000)}@`],
  ["email", email, `a@${"a.".repeat(50_000)}`],
  ["email", email, `a@${"a-".repeat(150)}`],
  ["instant", instant, "2026-01-31T10:00:00.".padEnd(100_000, "9")],
  ["word", word(/^[A-Za-z0-9_+-]{1,32}(\/[A-Za-z0-9_+-]{1,32}){0,2}$/), "a/".repeat(50_000)],
  ["text", text(200), " ".repeat(100_000)],
  ["base64", base64(100), `${"A".repeat(99_999)}=`],
])("%s is looked at in no time, however long and awkward it is", (_name, field, sent) => {
  const looks = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    const faults = taken(field, sent);
    return { faults, tookMs: performance.now() - begun };
  });

  // The best of some: others use this machine too.
  expect(Math.min(...looks.map(({ tookMs }) => tookMs))).toBeLessThan(50);
  expect(looks.filter(({ faults }) => !Array.isArray(faults))).toEqual([]);
});
