import { expect, test } from "@jest/globals";
import { mailedOf, type Notice } from "./notices.rules.ts";

const now = new Date("2026-11-24T12:00:00Z");
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const aNotice = (more: Partial<Notice>): Notice => ({
  ...{ id: "e1", kind: "caseTransferred", userId: "u1", caseId: "k1", at: now },
  ...more,
});

test("F231: an e-mail tells of transfers of the last day, and of nothing else", () => {
  const today = aNotice({ id: "e1", at: hoursAgo(23) });
  const longAgo = aNotice({ id: "e2", at: hoursAgo(25) });
  const others = [aNotice({ kind: "caseAssigned" }), aNotice({ kind: "reminderDue" })];

  expect(mailedOf([today, longAgo, ...others], now)).toEqual([today]);
});
