import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { searchWordsOf, soughtWords } from "./search-words.rules.ts";

const nobody = { contactPoints: [] as Customer["contactPoints"] };
const point = (type: Customer["contactPoints"][number]["type"], value: string) => ({
  id: "1",
  type,
  value,
  createdAt: new Date(0),
});

/** Whether a search finds a customer: each sought word begins one that is kept. */
const finds = (q: string, words: string[]) =>
  soughtWords(q).every((sought) => words.some((word) => word.startsWith(sought)));

test.each([
  ["garcia", true],
  ["GARCÍA", true],
  ["gar jose", true],
  ["o'brien", true],
  ["obrien", true],
  ["brien", true],
  ["arcía", false],
  ["garcia maria", false],
])("G18: %p finds José García O'Brien: %p", (q, found) => {
  const words = searchWordsOf({ ...nobody, firstName: "José", lastName: "García O'Brien" });

  expect(finds(q, words)).toBe(found);
});

test.each([
  "12.345",
  "12345678z",
  "12.345.678-Z",
  "ada.l@example.com",
  "ada.l@ex",
  "ada.l",
  "600 111 222",
  "+34 600",
  "34600111222",
  "(600)",
  "@countess",
  "countess",
  "square",
])("G18: %p finds by the beginning of document and contact values", (q) => {
  const words = searchWordsOf({
    documentNumber: "12.345.678-Z",
    contactPoints: [
      point("email", "Ada.L@example.com"),
      point("mobile", "+34600111222"),
      point("social", "@Countess"),
      point("postal", "12 St James's Square"),
    ],
  });

  expect(finds(q, words)).toBe(true);
});

test("G18: what holds nothing to seek seeks nothing", () => {
  expect(soughtWords("%")).toEqual([]);
  expect(soughtWords(".* $^ []")).toEqual([]);
  expect(soughtWords("@")).toEqual([]);
});

test("G18: words are bounded in number and length, kept and sought alike", () => {
  const name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch";
  const words = searchWordsOf({
    firstName: name,
    contactPoints: Array.from({ length: 200 }, (_, index) =>
      point("email", `user${String(index)}.x@example.com`),
    ),
  });

  expect(words).toHaveLength(200);
  expect(Math.max(...words.map((word) => word.length))).toBe(40);
  expect(finds(name, words)).toBe(true);
  expect(soughtWords("a b c d e f g h")).toHaveLength(6);
});

test("G18: a customer is found by each of its own names, whatever they are", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });

  fc.assert(
    fc.property(name, (firstName) => {
      expect(finds(firstName, searchWordsOf({ ...nobody, firstName }))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
