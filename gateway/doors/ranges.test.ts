import { expect, test } from "@jest/globals";
import { partOf } from "./ranges.ts";

test.each([
  ["bytes=0-9", { start: 0, end: 10 }],
  ["bytes=90-", { start: 90, end: 100 }],
  ["bytes=90-5000", { start: 90, end: 100 }],
  ["bytes=-10", { start: 90, end: 100 }],
  ["bytes=-500", { start: 0, end: 100 }],
  ["bytes=99-99", { start: 99, end: 100 }],
  ["bytes=100-", "none"],
  ["bytes=-0", "none"],
  [undefined, "all"],
  ["bytes=-", "all"],
  ["bytes=9-3", "all"],
  ["bytes=0-1,5-6", "all"],
  ["lines=0-9", "all"],
  ["bytes=a-b", "all"],
])("Range: %s of 100 bytes is %j", (range, part) => {
  expect(partOf(range, 100)).toEqual(part);
});

test("an empty file has no ranges", () => {
  expect(partOf("bytes=0-", 0)).toBe("none");
  expect(partOf("bytes=-5", 0)).toBe("none");
});
