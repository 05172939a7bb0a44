import { expect, test } from "@jest/globals";
import { caseHolders } from "#shared/contracts/privacy.ts";
import * as rules from "./retention.rules.ts";

const now = new Date("2026-06-10T12:00:00Z");
const stamp = { at: now, by: "ada" };
const aRun = (more: object = {}) => ({
  ...rules.begun({ id: "r", campaignId: "c", dryRun: false, retentionDays: 30 }, stamp),
  ...more,
});
const aClosed = (id: string, day: number) => ({
  ...{ id, number: day, closedAt: new Date(Date.UTC(2026, 0, day)) },
});
const aPage = (more: object = {}) => ({
  page: {
    ...{ kind: "note", stays: "times", ids: ["n"], changed: 1, traces: 0, nextCursor: null },
    ...more,
  },
  log: { found: 2, changed: 1 },
});

test.each([
  [2, "2026-06-10T12:00:00Z", "2026-06-10T02:00:00.000Z"],
  [2, "2026-06-10T01:59:59Z", "2026-06-09T02:00:00.000Z"],
  [23, "2026-01-01T00:00:00Z", "2025-12-31T23:00:00.000Z"],
  [0, "2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000Z"],
])("B08: the night that begins at %d o'clock, as of %s", (hour, at, night) => {
  expect(rules.nightOf(new Date(at), hour).toISOString()).toBe(night);
});

test("B08: cases are meant that were closed so many days before the run began", () => {
  expect(aRun().closedBefore).toEqual(new Date("2026-05-11T12:00:00Z"));
});

test("B08: only a run on trial says for itself how many days; otherwise the campaign does", () => {
  expect(rules.daysOf({ dryRun: false }, 30)).toBe(30);
  expect(rules.daysOf({ dryRun: true }, 30)).toBe(30);
  expect(rules.daysOf({ dryRun: true, retentionDays: 7 }, 30)).toBe(7);
  expect(rules.daysOf({ dryRun: true, retentionDays: 7 }, undefined)).toBe(7);
  expect(() => rules.daysOf({ dryRun: false, retentionDays: 7 }, 30)).toThrow(
    expect.objectContaining({ code: 422 }),
  );
  for (const dryRun of [true, false]) {
    expect(() => rules.daysOf({ dryRun }, undefined)).toThrow(
      expect.objectContaining({ code: 409, type: "RETENTION_OFF" }),
    );
  }
});

test("B08: a run ends where the campaign keeps cases for longer meanwhile, or for ever", () => {
  expect([undefined, 31, 30, 29].map((own) => rules.isWithdrawn(aRun(), own))).toEqual([
    ...[true, true],
    ...[false, false],
  ]);
  expect(rules.isWithdrawn(aRun({ dryRun: true }), undefined)).toBe(false);
});

test("B08: of the next cases those go that are not held; the walk goes on behind all of them", () => {
  const cases = [aClosed("a", 1), aClosed("b", 2), aClosed("c", 3)];

  const next = rules.chosen(aRun({ found: 5 }), cases, new Set(["a", "c"]), now);

  expect(next).toMatchObject({
    ...{ found: 6, spared: 2, oldestClosedAt: cases[1]?.closedAt },
    examples: [cases[1]],
    progress: { caseIds: ["b"], after: { id: "c", closedAt: cases[2]?.closedAt }, place: 0 },
  });
  const oldest = new Date(0);
  const later = rules.chosen(aRun({ ...next, oldestClosedAt: oldest }), cases, new Set(), now);
  expect(later).toMatchObject({ found: 9, oldestClosedAt: oldest });
  const many = Array.from({ length: 12 }, (_, place) => aClosed(`c${place}`, place + 1));
  expect(rules.chosen(aRun(), many, new Set(), now).examples).toHaveLength(10);
});

test("B08: what is held by now is spared, and not counted as found", () => {
  const run = aRun({ found: 3, progress: { caseIds: ["a", "b"], place: 1, cursor: "x" } });

  expect(rules.spared(run, new Set(["a"]), now)).toMatchObject({
    ...{ found: 2, spared: 1 },
    progress: { caseIds: ["b"], place: 1, cursor: "x" },
  });
});

test("B08: cases go page by page through all who keep something of them, themselves last", () => {
  let run = aRun({ progress: { caseIds: ["a"], place: 0, dueAt: now } });
  const asked: string[] = [];
  for (const nextCursor of ["x", null, null, null]) {
    asked.push(rules.holderAt(run.progress));
    run = { ...run, ...rules.removed(run, aPage({ nextCursor }), now) };
  }

  expect(asked).toEqual(["channels", ...caseHolders]);
  expect(asked.at(-1)).toBe("cases");
  expect(run.progress).toEqual({ caseIds: [], place: 0, dueAt: now });
  expect(run.report).toContainEqual(
    expect.objectContaining({ service: "channels", kind: "note", found: 2, erased: 2 }),
  );
  expect(run.report).toContainEqual(
    expect.objectContaining({ service: "audit", kind: "changeEntry", found: 8, erased: 4 }),
  );
});

test("B08: a run on trial tells what there is, and takes nothing", () => {
  const run = aRun({ dryRun: true, progress: { caseIds: ["a"], place: 0, dueAt: now } });
  const counts = [
    { kind: "note", stays: "times", count: 3 },
    { kind: "draft", stays: "nothing", count: 0 },
  ];

  expect(rules.counted(run, [{ service: "cases", counts }], now)).toEqual({
    report: [{ service: "cases", kind: "note", stays: "times", found: 3, erased: 0 }],
    progress: { caseIds: [], place: 0, dueAt: now },
  });
});
