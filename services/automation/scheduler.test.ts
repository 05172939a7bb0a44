import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { Condition } from "#shared/contracts/automation/rules.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { as } from "#shared/testing/bus.ts";
import { admin, aRule, changed, loggedOf, start, tell } from "./automation.samples.ts";

process.env["RULE_SWEEP_SECONDS"] = "1";

let bus: Broker;
let world: Awaited<ReturnType<typeof start>>["world"];
let aKept: Awaited<ReturnType<typeof start>>["aKept"];
beforeEach(async () => {
  ({ bus, world, aKept } = await start());
});

const hourMs = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * hourMs);
const since = (event: string, hours: number): Condition => ({
  column: `hours.since${event}`,
  operator: "isAtLeast",
  value: hours,
});
const escalates = (all: Condition[], more: object = {}) =>
  aRule(bus, { kind: "automation", all, actions: [{ kind: "escalate" }], ...more });

/** Waits until the schedule has gone all around at least once since now. */
async function swept(): Promise<void> {
  const witness = aKept({ createdAt: hoursAgo(1) });
  const rule = await aRule(bus, {
    kind: "automation",
    all: [since("Created", 1), { column: "case.assignee", operator: "isEmpty" }],
  });
  await loggedOf(bus, witness);
  world.cases.delete(witness.id);
  await bus.call("automation.deleteRule", { id: rule.id }, admin);
}
const deedsOf = ({ id }: Case) => world.deeds.filter(({ params }) => params["id"] === id);

test("G10, P13: a rule acts once the time has passed, once for each period", async () => {
  await escalates([since("LastCustomerInteraction", 24)]);
  const [due, early, silent] = [
    aKept({ lastCustomerUpdateAt: hoursAgo(25), assigneeId: "bo" }),
    aKept({ lastCustomerUpdateAt: hoursAgo(23), assigneeId: "bo" }),
    aKept({ assigneeId: "bo" }),
  ];

  const [entry] = await loggedOf(bus, due);
  await swept();
  expect(entry).toMatchObject({
    ...{ kind: "automation", state: "done" },
    conditions: [{ column: "hours.sinceLastCustomerInteraction", met: true }],
  });
  expect(entry?.conditions[0]?.actual).toBeCloseTo(25, 1);
  expect(deedsOf(due)).toHaveLength(1);
  expect([...deedsOf(early), ...deedsOf(silent)]).toEqual([]);

  // the customer wrote again since, and time passed again
  const now = world.cases.get(due.id)!;
  world.cases.set(due.id, { ...now, status: "open", lastCustomerUpdateAt: hoursAgo(24.5) });
  expect(await loggedOf(bus, due, 2)).toHaveLength(2);
});

test("G11: timers run since what happened last, and not since what the rule did itself", async () => {
  const rule = await escalates([since("Transferred", 0)]);
  const [own, others] = [aKept({ assigneeId: "bo" }), aKept({ assigneeId: "bo" })];
  const transferred = { changes: [{ field: "status", old: "open", new: "transferred" }] };
  const byRule = { meta: { actor: { kind: "rule" as const, id: rule.id, permissions: [] } } };

  await changed(own, { ...transferred, by: byRule });
  await changed(others, { ...transferred, by: as("agent") });
  await loggedOf(bus, others);
  await swept();

  expect(deedsOf(others)).toHaveLength(1);
  expect(deedsOf(own)).toEqual([]);
});

test("G10: cases that are closed, or of other campaigns, are left alone; disabled rules rest", async () => {
  await escalates([since("Created", 1)], { campaignIds: ["sales"] });
  await escalates([since("Created", 1)], { enabled: false });
  const old = { createdAt: hoursAgo(2), assigneeId: "bo" };
  const [here, there, closed] = [
    aKept(old),
    aKept({ ...old, campaignId: "sales" }),
    aKept({ ...old, campaignId: "sales", status: "closed" }),
  ];

  await loggedOf(bus, there);
  await swept();

  expect([...deedsOf(here), ...deedsOf(closed)]).toEqual([]);
});

test("G10: what a case went through is forgotten when it is closed", async () => {
  await escalates([since("Opened", 0)]);
  const kase = aKept({ assigneeId: "bo", status: "open" });
  world.cases.delete(kase.id);
  const { id, campaignId, customerId } = kase;
  await changed(kase, { changes: [{ field: "status", old: "new", new: "open" }] });
  await tell("cases.closed", { id, campaignId, customerId, assigneeId: null });
  // the events of one case are taken in in their order: after this one both were
  const after = aKept({ assigneeId: "bo" });
  await changed(after, { changes: [{ field: "status", old: "new", new: "open" }] });
  await loggedOf(bus, after);

  world.cases.set(id, kase);
  await swept();

  expect(deedsOf(kase)).toEqual([]);
});
