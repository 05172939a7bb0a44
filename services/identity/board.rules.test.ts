import { expect, test } from "@jest/globals";
import { startOfDay } from "./board.rules.ts";

test.each([
  ["UTC", "2026-03-01T08:00:00Z", "2026-03-01T00:00:00Z"],
  ["America/Bogota", "2026-03-01T04:59:59Z", "2026-02-28T05:00:00Z"],
  ["America/Bogota", "2026-03-01T05:00:00Z", "2026-03-01T05:00:00Z"],
  ["Asia/Kathmandu", "2026-03-01T20:00:00Z", "2026-03-01T18:15:00Z"],
  ["Pacific/Kiritimati", "2026-03-01T11:00:00Z", "2026-03-01T10:00:00Z"],
  // the clock goes forward at midnight: the day begins at one
  ["America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z"],
  ["Nowhere/Land", "2026-03-01T08:00:00Z", "2026-03-01T00:00:00Z"],
])("D23: today began in %s", (zone, moment, began) => {
  expect(startOfDay(new Date(moment), zone)).toEqual(new Date(began));
});
