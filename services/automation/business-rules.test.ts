import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { Condition, RuleAction, RuleDraft } from "#shared/contracts/automation/rules.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { announced } from "#shared/testing/bus.ts";
import { admin, aRule, start } from "./automation.samples.ts";

let bus: Broker;
beforeEach(async () => {
  ({ bus } = await start());
});

const list = (asked: object = {}) => bus.call("automation.listRules", asked, admin);
const names = async (asked: object = {}) => (await list(asked)).items.map(({ name }) => name);
const faultOf = (path: string, code: string) => ({
  code: 422,
  data: { errors: expect.arrayContaining([expect.objectContaining({ path, code })]) },
});

test("G10, D18: a rule is made, read and told of", async () => {
  const made = await aRule(bus, { name: "Urgent", campaignIds: ["support"] });

  expect(made).toMatchObject({ name: "Urgent", enabled: true, trigger: "caseCreated", version: 1 });
  expect(await bus.call("automation.getRule", { id: made.id }, admin)).toEqual(made);
  const told = (await announced("automation", "automation.ruleCreated")).at(-1);
  expect(told).toMatchObject({ aggregate: { kind: "businessRule", id: made.id, version: 1 } });
  expect(told?.changes).toContainEqual({ field: "name", old: null, new: "Urgent" });
});

test("G10: rules are a list in an order that is changed as a whole", async () => {
  const [first, second, third] = [
    await aRule(bus, { name: "first" }),
    await aRule(bus, { name: "second", enabled: false }),
    await aRule(bus, { name: "third", campaignIds: ["sales"] }),
  ];
  const { version } = await list();

  const items = [third.id, first.id, second.id];
  const ordered = await bus.call("automation.orderRules", { version, items }, admin);

  expect(ordered.items.map(({ name }) => name)).toEqual(["third", "first", "second"]);
  expect(await names()).toEqual(["third", "first", "second"]);
  expect(await names({ enabled: true })).toEqual(["third", "first"]);
  expect(await names({ campaignId: "support" })).toEqual(["first", "second"]);
  const again = bus.call("automation.orderRules", { version, items }, admin);
  await expect(again).rejects.toMatchObject({ code: 412 });
});

test.each([
  ["one is missing", (ids: string[]) => ids.slice(1)],
  ["one stands twice", (ids: string[]) => [ids[0]!, ids[0]!]],
  ["one is no rule", (ids: string[]) => [ids[0]!, newId()]],
])("G10: an order is refused where %s", async (_why, wrong) => {
  await aRule(bus);
  await aRule(bus);
  const ids = (await list()).items.map(({ id }) => id);

  const refused = bus.call("automation.orderRules", { items: wrong(ids) }, admin);

  await expect(refused).rejects.toMatchObject(faultOf("items", "incomplete"));
});

test("G10: a copy stands right after its rule, and is disabled", async () => {
  const { id } = await aRule(bus, { name: "first" });
  await aRule(bus, { name: "second" });

  const copy = await bus.call("automation.duplicateRule", { id, name: "copy" }, admin);

  expect(copy).toMatchObject({ name: "copy", enabled: false, version: 1 });
  expect(await names()).toEqual(["first", "copy", "second"]);
});

test("G10, P9: a rule is changed in the version that was read, and deleted", async () => {
  const { id } = await aRule(bus);
  const change = (version: number, more: object) =>
    bus.call("automation.changeRule", { id, version, ...more }, admin);

  const disabled = await change(1, { enabled: false });
  await expect(change(1, { enabled: true })).rejects.toMatchObject({ code: 412 });
  const same = await change(2, { enabled: false });
  await bus.call("automation.deleteRule", { id }, admin);

  expect([disabled.version, same.version]).toEqual([2, 2]);
  await expect(change(2, {})).rejects.toMatchObject({ code: 404 });
  const deleted = bus.call("automation.deleteRule", { id }, admin);
  await expect(deleted).rejects.toMatchObject({ code: 404 });
  expect(await names()).toEqual([]);
});

const urgent: RuleAction = { kind: "setPriority", priority: "high" };

test.each<[string, Partial<RuleDraft>, string, string]>([
  ["a trigger without one", { trigger: undefined as never }, "trigger", "required"],
  [
    "an automation with a trigger",
    { kind: "automation", trigger: "caseCreated" },
    "trigger",
    "exclusive",
  ],
  ["an automation that waits for nothing", { kind: "automation" }, "all", "required"],
  ["a campaign that is not there", { campaignIds: ["nowhere"] }, "campaignIds[0]", "unknown"],
])("G10: %s is refused by name", async (_what, said, path, code) => {
  await expect(aRule(bus, said)).rejects.toMatchObject(faultOf(path, code));
});

test.each<[string, Condition, string, string]>([
  ["a column", { column: "case.mood", operator: "is", value: "x" }, "column", "unknown"],
  [
    "an operator",
    { column: "hours.sinceCreated", operator: "contains", value: 1 },
    "operator",
    "unknown",
  ],
  ["no value", { column: "case.subject", operator: "is" }, "value", "required"],
  [
    "a value too many",
    { column: "case.subject", operator: "isEmpty", value: "x" },
    "value",
    "exclusive",
  ],
  ["a choice", { column: "case.priority", operator: "is", value: "huge" }, "value", "invalid"],
  ["a list", { column: "case.priority", operator: "isOneOf", value: "high" }, "value", "list"],
  ["one of many", { column: "case.priority", operator: "is", value: ["high"] }, "value", "single"],
  [
    "hours",
    { column: "hours.sinceCreated", operator: "isAtLeast", value: "two" },
    "value",
    "invalid",
  ],
  ["a time", { column: "time.ofDay", operator: "isLessThan", value: "25:00" }, "value", "invalid"],
  [
    "a moment",
    { column: "case.createdAt", operator: "isBefore", value: "yesterday" },
    "value",
    "invalid",
  ],
])("G11: a condition that cannot hold is refused by name: %s", async (_what, one, part, code) => {
  const refused = aRule(bus, { any: [one] });

  await expect(refused).rejects.toMatchObject(faultOf(`any[0].${part}`, code));
});

test.each<[string, RuleAction, string, string]>([
  ["says nothing", { kind: "setPriority" }, "priority", "required"],
  ["says too much", { ...urgent, message: "Hi" }, "message", "exclusive"],
  [
    "tells nobody in particular",
    { kind: "notify", to: "users", message: "Hi" },
    "userIds",
    "required",
  ],
  [
    "writes to users",
    { kind: "sendEmail", to: "users", userIds: ["bo"], subject: "Hi", text: "Hi" },
    "to",
    "invalid",
  ],
  ["gives to nobody known", { kind: "assign", assigneeId: "nobody" }, "assigneeId", "unknown"],
  ["moves to nowhere", { kind: "moveToCampaign", campaignId: "nowhere" }, "campaignId", "unknown"],
  ["calls nothing", { kind: "callWebhook", webhookId: "nothing" }, "webhookId", "unknown"],
])("G12: an action that %s is refused by name", async (_what, action, part, code) => {
  const refused = aRule(bus, { actions: [urgent, action] });

  await expect(refused).rejects.toMatchObject(faultOf(`actions[1].${part}`, code));
});

test("G10: there are 200 rules at most", async () => {
  const orders = nativeOf<{ _id: string; ids: string[] }>(database("automation"), "orders");
  const ids = Array.from({ length: 200 }, () => newId());
  await orders.updateOne({ _id: "rules" }, { $set: { ids } }, { upsert: true });
  onTestFinished(async () => {
    await orders.updateOne({ _id: "rules" }, { $set: { ids: [] } });
  });

  await expect(aRule(bus)).rejects.toMatchObject({ code: 409, type: "TOO_MANY_RULES" });
});
