import { expect, test } from "@jest/globals";
import { preferenceOf } from "./preferences.ts";

test.each([
  [undefined, {}],
  ["respond-async", { waitMs: 0, applied: "respond-async" }],
  ["Respond-Async", { waitMs: 0, applied: "respond-async" }],
  ["wait=5", { waitMs: 5_000, applied: "wait=5" }],
  ['wait="5"; foo=bar', { waitMs: 5_000, applied: "wait=5" }],
  ["wait=0", { waitMs: 0, applied: "wait=0" }],
  ["wait=3600", { waitMs: 30_000, applied: "wait=30" }],
  ["wait=5, respond-async", { waitMs: 0, applied: "respond-async" }],
  ["wait=5, wait=9", { waitMs: 5_000, applied: "wait=5" }],
  ["handling=lenient, wait=1", { waitMs: 1_000, applied: "wait=1" }],
])("Prefer: %s is read as %j", (prefer, read) => {
  expect(preferenceOf(prefer === undefined ? {} : { prefer })).toEqual(read);
});

test.each(["wait", "wait=", "wait=-1", "wait=1.5", "wait=soon", "=", ",", "respond-async=no", ";"])(
  "Prefer: %s cannot be read and is left aside",
  (prefer) => {
    expect(preferenceOf({ prefer })).toEqual({});
  },
);
