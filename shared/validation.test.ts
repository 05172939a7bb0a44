import { expect, test } from "@jest/globals";
import { isRefusal } from "./errors.ts";
import { anything, instant, list, map, nullable, optional, record, text } from "./fields.ts";
import { checker, outsideChecker } from "./validation.ts";

const check = outsideChecker({
  name: optional(text(20)),
  note: nullable(text(20)),
  people: optional(list(record({ name: text(20), alias: optional(text(20)) }), 3)),
  labels: optional(map(text(20))),
  at: optional(instant),
  extra: optional(anything),
});

test("null is refused wherever the contract does not name it, and every place is named", () => {
  const sent = {
    name: null,
    note: null,
    people: [{ name: "Ada", alias: null }, null],
    labels: { a: null },
    at: null,
    extra: null,
  };

  expect(faultsOf(sent)).toEqual([
    ["name", "null"],
    ["people[0].alias", "null"],
    ["people[1]", "null"],
    ["labels.a", "null"],
    ["at", "null"],
  ]);
});

test("a day that does not exist is no time", () => {
  expect(faultsOf({ note: null, at: "2026-02-30T10:00:00Z" })).toEqual([["at", "instant"]]);
});

test("a line is trimmed, and empty where nothing is left", () => {
  expect(check({ note: "  hello " })).toEqual({ note: "hello" });
  expect(faultsOf({ note: " \u00a0 " })).toEqual([["note", "stringMin"]]);
  expect(faultsOf({ note: "hello\r\n" })).toEqual([["note", "singleLine"]]);
});

function faultsOf(sent: object) {
  try {
    return check(sent);
  } catch (error) {
    const { errors } = (isRefusal(error) ? error.data : {}) as {
      errors: { path: string; code: string }[];
    };
    return errors.map(({ path, code }) => [path, code]);
  }
}

test("a field that stands in a shape several times is checked, and trimmed, each time", () => {
  const word = text(10);
  const checked = checker({ one: word, two: word, more: list(record({ one: word, two: word })) });
  const twice = { one: " a ", two: " b " };

  expect(checked({ ...twice, more: [{ ...twice }] })).toEqual({
    one: "a",
    two: "b",
    more: [{ one: "a", two: "b" }],
  });
  expect(() => checked({ ...twice, two: " ", more: [{ ...twice, two: " " }] })).toThrow(
    expect.objectContaining({
      data: {
        errors: [
          expect.objectContaining({ path: "two" }),
          expect.objectContaining({ path: "more[0].two" }),
        ],
      },
    }),
  );
});
