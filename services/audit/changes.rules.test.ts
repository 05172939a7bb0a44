import { expect, test } from "@jest/globals";
import { entryOf, type Told } from "./changes.rules.ts";

const told: Told = {
  id: "event-1",
  name: "identity.userChanged",
  aggregate: { kind: "user", id: "ada", version: 2 },
  actor: { kind: "user", id: "bo", name: "Bo" },
  cause: "request-1",
  changes: [{ field: "role", old: "agent", new: "supervisor" }],
  data: { id: "ada" },
  at: new Date("2026-01-01"),
};

test("D18: an entry says who, why, what before and after, and when", () => {
  expect(entryOf(told)).toEqual({
    id: "event-1",
    event: "identity.userChanged",
    aggregate: "user",
    aggregateId: "ada",
    aggregateVersion: 2,
    actorKind: "user",
    actorId: "bo",
    actorName: "Bo",
    because: "user",
    cause: "request-1",
    changes: told.changes,
    at: told.at,
  });
});

test("F115, D18: an entry about what belongs to a case names it, and a merge is its cause", () => {
  const note = { ...told, aggregate: { kind: "note", id: "n", version: 1 }, data: { caseId: "c" } };
  const itself = { ...told, aggregate: { kind: "case", id: "c", version: 2 } };

  expect(entryOf(note)).toMatchObject({ caseId: "c", because: "user" });
  const activity = { ...note, name: "cases.activitySaved", data: { id: "c", activityId: "n" } };
  expect(entryOf(activity)).toMatchObject({ caseId: "c" });
  expect(entryOf({ ...itself, data: { caseId: "c" } })).not.toHaveProperty("caseId");
  expect(entryOf({ ...itself, data: { mergeId: "m" } })).toMatchObject({ because: "merge" });
  for (const data of [undefined, null, { caseId: { $ne: 1 } }, "c"]) {
    expect(entryOf({ ...told, data })).not.toHaveProperty("caseId");
  }
});

test("D18: what a business rule did says so", () => {
  const actor = { kind: "rule" as const, id: "rule-1", name: "Angry customers" };

  expect(entryOf({ ...told, actor })).toMatchObject({
    ...{ because: "rule", actorKind: "rule", actorId: "rule-1", actorName: "Angry customers" },
  });
});
