import { expect, test } from "@jest/globals";
import { countedBy, network, waitSeconds } from "./attempts.rules.ts";

const now = new Date("2026-01-01T10:00:00Z");
const inAMinute = new Date("2026-01-01T10:01:00Z");

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:0001:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("an IPv6 address counts as its network, an IPv4 address as itself: %s", (address, counted) => {
  expect(network(address)).toBe(counted);
});

test("without an address only the account is counted", () => {
  expect(countedBy("ada@example.com", undefined)).toEqual(["account ada@example.com"]);
});

test("five failures close the account for the rest of the window, four do not", () => {
  expect(waitSeconds([{ count: 4, until: inAMinute }], now, true)).toBe(0);
  expect(waitSeconds([{ count: 5, until: inAMinute }], now, true)).toBe(60);
});

test("the fifth failure itself is told as one", () => {
  expect(waitSeconds([{ count: 5, until: inAMinute }], now, false)).toBe(0);
  expect(waitSeconds([{ count: 6, until: inAMinute }], now, false)).toBe(60);
});

test("a window that has ended closes nothing", () => {
  expect(waitSeconds([{ count: 9, until: now }], now, true)).toBe(0);
});
