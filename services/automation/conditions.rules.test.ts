import { expect, test } from "@jest/globals";
import type { Condition } from "#shared/contracts/automation/rules.ts";
import { judge } from "./conditions.rules.ts";
import type { Facts } from "./facts.rules.ts";

const now = new Date("2026-03-02T13:30:00Z"); // a Monday
const facts: Facts = {
  now,
  timeZone: "America/Bogota",
  timeline: { openedAt: { at: new Date("2026-03-02T11:30:00Z") } },
  channelType: "email",
  kase: {
    ...{ id: "c", createdAt: new Date("2026-03-01T13:30:00Z"), priority: "high", status: "open" },
    ...{ subject: "Señal caída", campaignId: "support" },
    lastInteraction: { id: "i", channelId: "m", direction: "inbound", preview: "", at: now },
  },
  customer: {
    ...{ id: "g", kind: "person", displayName: "Grace Hopper", tags: ["VIP", "Navy"] },
    ...{ birthDate: "1906-12-09", contactPoints: [], disabled: false },
    ...{ version: 1, createdAt: now, updatedAt: now },
  },
  account: {
    ...{ id: "a", customerId: "g", number: "AB-12", version: 1, createdAt: now, updatedAt: now },
    extraFields: [{ name: "Plan", value: "Gold" }],
  },
  activity: {
    ...{ id: "x", caseId: "c", campaignId: "support", formId: "f", formVersion: 1 },
    ...{ createdAt: now, createdBy: "bo" },
    answers: { observations: "Will call back", result: "promise", paid: false },
  },
};

const says = (column: string, operator: Condition["operator"], value?: Condition["value"]) => ({
  column,
  operator,
  ...(value === undefined ? {} : { value }),
});
const holds = (condition: Condition) => judge({ all: [condition], any: [] }, facts).matches;

test.each([
  says("case.subject", "contains", "senal"),
  says("case.subject", "is", "SEÑAL CAÍDA"),
  says("case.subject", "containsNot", "router"),
  says("case.type", "isEmpty"),
  says("case.type", "isNot", "claim"),
  says("case.type", "isNoneOf", ["claim"]),
  says("case.priority", "isOneOf", ["low", "high"]),
  says("case.channelType", "is", "email"),
  says("case.createdAt", "isBefore", "2026-03-02"),
  says("interaction.direction", "is", "inbound"),
  says("customer.tags", "contains", "vip"),
  says("customer.tags", "containsNot", "nav"),
  says("customer.birthDate", "isBefore", "1910-01-01"),
  says("account.number", "is", "ab-12"),
  says("account.field.plan", "is", "gold"),
  says("activity.observations", "contains", "call"),
  says("activity.field.result", "is", "promise"),
  says("activity.field.paid", "is", "false"),
  says("activity.field.unknown", "isEmpty"),
  says("hours.sinceCreated", "isAtLeast", 24),
  says("hours.sinceOpened", "isLessThan", 2.5),
  says("time.ofDay", "isAtLeast", "08:30"),
  says("time.ofDay", "isLessThan", "08:31"),
  says("time.dayOfWeek", "isOneOf", ["monday", "friday"]),
])("G11: this holds: $column $operator $value", (condition) => {
  expect(holds(condition)).toBe(true);
});

test.each([
  says("case.subject", "isEmpty"),
  says("case.subject", "contains", "router"),
  says("case.type", "is", "claim"),
  says("case.priority", "isNoneOf", ["low", "high"]),
  says("case.createdAt", "isAfter", "2026-03-02"),
  says("case.nextActionAt", "isBefore", "2036-01-01"),
  says("customer.tags", "contains", "nav"),
  says("hours.sinceTransferred", "isAtLeast", 0),
  says("hours.sinceTransferred", "isLessThan", 1_000),
  says("time.ofDay", "isLessThan", "08:30"),
  says("time.dayOfWeek", "is", "sunday"),
  says("case.mood", "isEmpty"),
])("G11: this does not hold: $column $operator $value", (condition) => {
  expect(holds(condition)).toBe(false);
});

test("G10: every condition of the ALL block has to hold, and one of the ANY block", () => {
  const [yes, no] = [says("case.status", "is", "open"), says("case.status", "is", "new")];
  const matches = (all: Condition[], any: Condition[]) => judge({ all, any }, facts).matches;

  expect(matches([], [])).toBe(true);
  expect(matches([yes, yes], [no, yes])).toBe(true);
  expect(matches([yes, no], [yes])).toBe(false);
  expect(matches([yes], [no, no])).toBe(false);
});
