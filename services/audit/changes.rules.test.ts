import { expect, test } from "@jest/globals";
import { entryOf, type Told } from "./changes.rules.ts";

const told: Told = {
  id: "event-1",
  name: "identity.userChanged",
  aggregate: { kind: "user", id: "ada", version: 2 },
  actor: { kind: "user", id: "bo", name: "Bo" },
  cause: "request-1",
  changes: [{ field: "role", old: "agent", new: "supervisor" }],
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
    cause: "request-1",
    changes: told.changes,
    at: told.at,
  });
});
