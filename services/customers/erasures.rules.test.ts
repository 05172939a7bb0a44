import { expect, test } from "@jest/globals";
import { holders } from "#shared/contracts/privacy.ts";
import type { ErasedStep } from "#shared/erased-kinds.rules.ts";
import { after, begun, holderAt, requireConfirmed, type Progress } from "./erasures.rules.ts";

const start = new Date("2026-01-01T10:00:00Z");
const later = (ms: number) => new Date(start.getTime() + ms);
const settleMs = 30_000;

const aStep = (more: Partial<ErasedStep["page"]> = {}): ErasedStep => ({
  page: {
    kind: "case",
    stays: "numbers",
    ids: [],
    changed: 0,
    traces: 0,
    nextCursor: null,
    ...more,
  },
  log: { found: 0, changed: 0 },
});
const going = (progress: Progress) => ({ progress, createdAt: start, report: [] });

test("B08: an erasure goes page by page, holder by holder", () => {
  const first = begun(start);
  const second = after(going(first), aStep({ nextCursor: "x" }), { now: start, settleMs });
  const third = after(going(second.progress), aStep(), { now: start, settleMs });

  expect(second).toMatchObject({ over: false, progress: { place: 0, cursor: "x" } });
  expect(third.progress).not.toHaveProperty("cursor");
  expect([first, third.progress].map(holderAt)).toEqual(holders.slice(0, 2));
});

test.each([
  ["a first pass", 1, 0, later(60_000), { over: false, pass: 2, dueAt: later(60_000) }],
  [
    "a first pass that was quick",
    1,
    0,
    later(10),
    { over: false, pass: 2, dueAt: later(settleMs) },
  ],
  ["a second pass that found something", 2, 3, later(60_000), { over: false, pass: 3 }],
  ["a second pass that found nothing", 2, 0, later(60_000), { over: true }],
])("B08: after %s", (_when, pass, changed, now, { over, ...expected }) => {
  const progress = { ...begun(start), pass, place: holders.length - 1 };

  const next = after(going(progress), aStep({ changed }), { now, settleMs });

  expect(next.over).toBe(over);
  expect(next.progress).toMatchObject({ ...expected, ...(over ? {} : { place: 0, changed: 0 }) });
});

test("B08: the report counts what was found once, and whatever was erased", () => {
  const one = aStep({ ids: ["a", "b"], changed: 2, traces: 1 });
  const times = { now: start, settleMs };
  const first = after(going(begun(start)), one, times);
  const again = { ...begun(start), pass: 2 };
  const second = after({ ...going(again), report: first.report }, one, times);

  expect(second.report).toMatchObject([
    { service: "customers", kind: "case", found: 2, erased: 4 },
    { kind: "trace", erased: 2 },
  ]);
});

test.each(["Ada Byron", "1234"])("B08: %s confirms that it is the one", (confirm) => {
  expect(() => {
    requireConfirmed(confirm, { displayName: "Ada Byron", documentNumber: "1234" });
  }).not.toThrow();
});

test.each(["ada byron", "Ada", ""])("B08: %p confirms nothing", (confirm) => {
  expect(() => {
    requireConfirmed(confirm, { displayName: "Ada Byron" });
  }).toThrow(expect.objectContaining({ code: 422 }));
});
