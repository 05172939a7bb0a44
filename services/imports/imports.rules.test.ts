/** The life of an import. */
import { expect, test } from "@jest/globals";
import { ImportOptions } from "#shared/contracts/imports/import.ts";
import { checker } from "#shared/validation.ts";
import * as rules from "./imports.rules.ts";

const stamp = { at: new Date("2026-03-01T10:00:00Z"), by: "rosa" };
const options = checker(ImportOptions)({});
const begun = rules.begun(
  { id: "i", campaignId: "c", fileName: "a.xlsx", headings: [], suggestedMapping: {}, options },
  5,
  stamp,
);
const checked = { ...begun, state: "checked" as const };
const refusal = (type: string) => expect.objectContaining({ code: 409, type });

test("F214: options are changed before an import runs, and checked again", () => {
  const after = rules.changed(
    { ...checked, confirmationToken: "x" },
    { ...options, createCases: true },
    stamp,
  );

  expect(after).toMatchObject({ state: "checking", version: 2, options: { createCases: true } });
  expect(after.confirmationToken).toBeUndefined();
  for (const state of ["checking", "running", "done", "cancelled", "failed"] as const) {
    expect(() => rules.changed({ ...begun, state }, options, stamp)).toThrow(
      refusal("IMPORT_NOT_CHECKED"),
    );
  }
});

test("D15: an import that closes cases runs with the token of its dry run only", () => {
  const closing = { ...checked, confirmationToken: "right" };

  for (const token of [undefined, "wrong"]) {
    expect(() => rules.started(closing, token, stamp)).toThrow(refusal("CONFIRMATION_NEEDED"));
  }
  const started = rules.started(closing, "right", stamp);
  expect(started).toMatchObject({ state: "running", dryRun: checked.counts, version: 2 });
  expect(started.confirmationToken).toBeUndefined();
  expect(() => rules.started(begun, undefined, stamp)).toThrow(refusal("IMPORT_NOT_CHECKED"));
  expect(() => {
    rules.requireNotCancelled({ cancelRequested: true });
  }).toThrow(refusal("IMPORT_NOT_CHECKED"));
});

test("a user has five imports under way at most", () => {
  rules.requireRoom(4);
  expect(() => {
    rules.requireRoom(5);
  }).toThrow(refusal("TOO_MANY_IMPORTS"));
});
