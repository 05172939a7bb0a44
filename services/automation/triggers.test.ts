import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { RuleAction } from "#shared/contracts/automation/rules.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import {
  aCustomer,
  admin,
  aRule,
  changed,
  created,
  loggedOf,
  start,
  tell,
} from "./automation.samples.ts";

let bus: Broker;
let world: Awaited<ReturnType<typeof start>>["world"];
let aKept: Awaited<ReturnType<typeof start>>["aKept"];
beforeEach(async () => {
  ({ bus, world, aKept } = await start());
});

const deedsOf = ({ id }: Case) => world.deeds.filter(({ params }) => params["id"] === id);

test("G10, G12, F118, F119: a rule acts on a case that is made, and the log says which, what and when", async () => {
  const rule = await aRule(bus, {
    name: "Angry",
    all: [{ column: "case.priority", operator: "isNot", value: "high" }],
    any: [
      { column: "case.description", operator: "contains", value: "BROKEN" },
      { column: "case.channelType", operator: "is", value: "sms" },
    ],
    actions: [{ kind: "setPriority", priority: "high" }, { kind: "escalate" }],
  });
  const kase = aKept({ channelId: "mail" });

  await created(kase);
  const [entry] = await loggedOf(bus, kase);

  expect(deedsOf(kase)).toMatchObject([
    { action: "change", by: `rule ${rule.id}`, params: { priority: "high" } },
    { action: "escalate", by: `rule ${rule.id}` },
  ]);
  const { id: eventId } = (await announced("cases", "cases.created")).at(-1)!;
  expect(entry).toMatchObject({
    ...{ ruleId: rule.id, ruleName: "Angry", ruleVersion: 1, caseId: kase.id, state: "done" },
    ...{ kind: "trigger", event: "cases.created", eventId, at: expect.any(Date), chain: [] },
    conditions: [
      { block: "all", column: "case.priority", actual: "medium", met: true },
      { block: "any", column: "case.description", met: true },
      { block: "any", column: "case.channelType", actual: "email", met: false },
    ],
    actions: [
      { kind: "setPriority", priority: "high", state: "done", at: expect.any(Date) },
      { kind: "escalate", state: "done", at: expect.any(Date) },
    ],
  });
});

test("B05, P16: of what tells about a person the log keeps only whether it was so", async () => {
  world.customers.set("grace", aCustomer("grace", { displayName: "Grace Hopper", tags: ["VIP"] }));
  await aRule(bus, {
    all: [
      { column: "customer.name", operator: "contains", value: "grace" },
      { column: "customer.tags", operator: "contains", value: "vip" },
    ],
  });
  const kase = aKept({ customerId: "grace" });

  await created(kase);
  const [entry] = await loggedOf(bus, kase);

  expect(entry?.conditions.map(({ met }) => met)).toEqual([true, true]);
  expect(JSON.stringify(entry)).not.toContain("Hopper");
});

test("G10: rules act one after the other, each on what those before it have left", async () => {
  const escalate: RuleAction[] = [{ kind: "escalate" }];
  const isHigh = { column: "case.priority", operator: "is" as const, value: "high" };
  const early = await aRule(bus, { name: "early", all: [isHigh], actions: escalate });
  const raise = await aRule(bus, { name: "raise" });
  const late = await aRule(bus, { name: "late", all: [isHigh], actions: escalate });
  const kase = aKept();

  await created(kase);
  const log = await loggedOf(bus, kase, 2);

  expect(log.map(({ ruleId }) => ruleId).sort()).toEqual([raise.id, late.id].sort());
  expect(log.map(({ ruleId }) => ruleId)).not.toContain(early.id);
});

test("G10: each trigger is set off by its own events, in its campaigns, while it is enabled", async () => {
  const quiet = await aRule(bus, { name: "quiet" });
  await bus.call("automation.changeRule", { id: quiet.id, version: 1, enabled: false }, admin);
  await aRule(bus, { name: "elsewhere", trigger: "caseUpdated", campaignIds: ["sales"] });
  await aRule(bus, { name: "updated", trigger: "caseUpdated" });
  await aRule(bus, { name: "saved", trigger: "activitySaved" });
  await aRule(bus, { name: "received", trigger: "interactionReceived" });
  const names = async (kase: Case, count: number) =>
    (await loggedOf(bus, kase, count)).map(({ ruleName }) => ruleName).sort();
  const [one, two, three] = [aKept(), aKept(), aKept()];
  const { id, campaignId, customerId } = two;

  await created(one);
  await changed(one);
  await tell("cases.activitySaved", { id, activityId: newId(), campaignId, customerId });
  await received(three);

  expect(await names(one, 1)).toEqual(["updated"]);
  expect(await names(two, 1)).toEqual(["saved"]);
  expect(await names(three, 1)).toEqual(["received"]);
});

/** A message of a customer, as channels tells of it. */
const received = ({ id: caseId, campaignId, customerId }: Case) =>
  write("channels", as("connector"), ({ announce }) => {
    const id = newId();
    announce({
      event: "interactions.received",
      aggregate: { kind: "interaction", id, version: 1 },
      key: caseId,
      data: { id, channelId: "mail", campaignId, caseId, customerId, seq: 1, isNewCase: false },
    });
    return Promise.resolve();
  });

test("G10: no rule acts on a closed case, nor on what happened before it was enabled", async () => {
  const [closed, open, early] = [aKept({ status: "closed" }), aKept(), aKept()];
  await created(early);
  await until(async () => (await announced("cases", "cases.created")).length > 0);
  await aRule(bus);

  await created(closed);
  await created(open);
  await loggedOf(bus, open);

  for (const kase of [closed, early]) {
    expect((await bus.call("automation.ofCase", { id: kase.id }, admin)).items).toEqual([]);
  }
  expect(world.deeds).toHaveLength(1);
});

test("G10: while cases is away rules wait, and then act once", async () => {
  await aRule(bus);
  const kase = aKept();
  world.isAway = true;
  await created(kase);
  const evaluated = async () => (await announced("cases", "cases.created")).length > 0;
  await until(evaluated);
  world.isAway = false;

  const log = await loggedOf(bus, kase);

  expect(log).toHaveLength(1);
  expect(deedsOf(kase)).toHaveLength(1);
});

test("G10: the effects of a rule may set off another one, but never itself", async () => {
  const again = { trigger: "caseUpdated" as const };
  const ping = await aRule(bus, { ...again, name: "ping" });
  const pong = await aRule(bus, {
    ...again,
    name: "pong",
    actions: [{ kind: "setPriority", priority: "low" }],
  });
  const kase = aKept();
  await changed(kase);
  const [, first] = await loggedOf(bus, kase, 2);

  /** As cases tells of what the rule did. */
  const effectOf = (execution: { id: string; ruleId: string }) =>
    changed(kase, {
      by: {
        meta: {
          actor: { kind: "rule", id: execution.ruleId, permissions: [] },
          requestId: execution.id,
        },
      },
    });
  await effectOf(first!);
  const log = await loggedOf(bus, kase, 3);

  expect(first).toMatchObject({ ruleId: ping.id, chain: [] });
  expect(log[0]).toMatchObject({ ruleId: pong.id, chain: [ping.id] });
  await effectOf(log[0]!);
  const other = aKept();
  await changed(other);
  await loggedOf(bus, other, 2);
  expect(await loggedOf(bus, kase, 3)).toHaveLength(3);
});

test("G10: a rule that acts on one case ten times within an hour is held", async () => {
  await aRule(bus, {
    trigger: "caseUpdated",
    actions: [{ kind: "notify", to: "users", userIds: ["bo"], message: "Look" }],
  });
  const kase = aKept();
  for (let count = 0; count < 12; count += 1) await changed(kase);

  const log = await loggedOf(bus, kase, 12);

  expect(log.filter(({ state }) => state === "done")).toHaveLength(10);
  expect(log.filter(({ state }) => state === "held")).toHaveLength(2);
});
