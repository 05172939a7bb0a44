/** What is told of a change (D18). */
import { expect, test } from "@jest/globals";
import { changesBetween } from "./changes.rules.ts";

const at = new Date("2026-01-01T00:00:00Z");

test("D18: each field that differs is told with old and new, records field by field", () => {
  const before = { name: "A", startsAt: at, options: { merge: true, send: true }, ids: ["1"] };
  const after = { name: "B", startsAt: at, options: { merge: true, send: false }, ids: ["2"] };

  expect(changesBetween(before, after)).toEqual([
    { field: "name", old: "A", new: "B" },
    { field: "options.send", old: true, new: false },
    { field: "ids", old: ["1"], new: ["2"] },
  ]);
});

test("D18: what comes or goes is told against null, and none is no change", () => {
  expect(changesBetween({ a: 1, c: null }, { b: at, d: undefined })).toEqual([
    { field: "b", old: null, new: at },
    { field: "a", old: 1, new: null },
  ]);
});

test("D18: identity, version and trail are not told", () => {
  expect(changesBetween({ version: 1 }, { id: "1", version: 2, updatedAt: at })).toEqual([]);
});
