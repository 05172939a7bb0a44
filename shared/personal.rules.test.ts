import { expect, test } from "@jest/globals";
import { erased, tellsPersonal, withoutValues } from "./personal.rules.ts";

const told = (name: string, kind: string, ...fields: string[]) => ({
  name,
  aggregate: { kind },
  changes: fields.map((field) => ({ field, old: "before", new: "after" })),
});

test.each([
  ["customers.changed", "customer", "firstName", true],
  ["customers.changed", "customer", "contactPoints", true],
  ["customers.changed", "customer", "disabled", false],
  ["customers.blocked", "blockedAddress", "address", true],
  ["cases.created", "case", "subject", true],
  ["cases.created", "case", "lastInteraction.preview", true],
  ["cases.created", "case", "status", false],
  ["campaigns.optionsSet", "campaign", "options.allowTranscript", false],
  ["identity.userChanged", "user", "name", false],
  ["cases.created", "constructor", "name", true],
  ["nobody.knows", "this", "field", true],
])("P16: %s of a %s: whether %s is personal", (name, kind, field, personal) => {
  const event = told(name, kind, field);

  expect(tellsPersonal(event)).toBe(personal);
  expect(withoutValues(event)).toEqual(personal ? [{ field, personal: true }] : event.changes);
});

test("P16: of erased changes the fields stay, and the values of those that are not personal", () => {
  expect(erased(told("cases.created", "case", "subject", "status"))).toEqual([
    { field: "subject", personal: true, erased: true },
    { field: "status", old: "before", new: "after" },
  ]);
});
