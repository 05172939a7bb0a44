/** Cases made by hand (F060-F068): what they become. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { withoutValues } from "#shared/personal.rules.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import cases from "./cases.service.ts";
import {
  aCampaign,
  aScope,
  claims,
  description,
  line,
  neighbours,
  type Said,
} from "./creation.samples.ts";

const startCases = async (said: Said = {}) => {
  const { customers, campaigns, identity, customersMade } = neighbours(said);
  const bus = await startBus(
    cases,
    standIn("customers", customers),
    standIn("campaigns", campaigns),
    standIn("identity", identity),
  );
  return Object.assign(bus, { customersMade });
};

test("F060, F062, G01: an agent's case is new, numbered, and the agent's own", async () => {
  const bus = await startCases();
  const agent = as("agent");
  const form = {
    customerId: "ada",
    caseTypeId: claims.id,
    subject: "Router",
    description,
    campaignId: "support",
    priority: "high" as const,
  };

  const made = await bus.call("cases.create", form, agent);

  expect(made).toMatchObject({
    ...form,
    status: "new",
    customerName: "Ada Lovelace",
    customerDocument: "CC 1815",
    assigneeId: agent.meta.actor?.id,
    createdBy: agent.meta.actor?.id,
    interactionCount: 0,
    version: 1,
  });
  expect(made.number).toBeGreaterThan(1000);
  expect(await bus.call("cases.get", { id: made.id }, as("administrator"))).toEqual(made);
});

test("F060: what a supervisor or an administrator records waits for an agent", async () => {
  const bus = await startCases({ scopes: [aScope("support", "supervisor")] });
  const form = { customerId: "ada", description, campaignId: "support" };

  const bySupervisor = await bus.call("cases.create", form, as("supervisor"));
  const byAdministrator = await bus.call("cases.create", form, as("administrator"));

  expect([bySupervisor.assigneeId, byAdministrator.assigneeId]).toEqual([undefined, undefined]);
});

test("F062, F067, F073: a case carries the account that was chosen, and its number", async () => {
  const bus = await startCases();
  const form = { customerId: "ada", description, accountId: line.id };

  const made = await bus.call("cases.create", form, as("agent"));

  expect(made).toMatchObject({ accountId: line.id, accountNumber: line.number });
  expect(await bus.call("cases.get", { id: made.id }, as("administrator"))).toEqual(made);
  const events = await announced("cases", "cases.created");
  const event = events.find(({ aggregate }) => aggregate.id === made.id);
  expect(event?.changes).toContainEqual({ field: "accountId", new: line.id });
});

test("F066: the priority is medium unless another is chosen", async () => {
  const bus = await startCases();

  const made = await bus.call("cases.create", { customerId: "ada", description }, as("agent"));

  expect(made.priority).toBe("medium");
});

test("F065: the campaign is the one that the user works in", async () => {
  const bus = await startCases({
    campaigns: [aCampaign(), aCampaign({ id: "sales" })],
    scopes: [aScope("support"), aScope("sales")],
    currentCampaignId: "sales",
  });

  const made = await bus.call("cases.create", { customerId: "ada", description }, as("agent"));

  expect(made.campaignId).toBe("sales");
});

test("F065: without a current campaign it is the user's only one", async () => {
  const bus = await startCases();

  const made = await bus.call("cases.create", { customerId: "ada", description }, as("agent"));

  expect(made.campaignId).toBe("support");
});

test("F062: a customer given in place is made, and the case is theirs", async () => {
  const bus = await startCases();
  const form = { customer: { firstName: "Grace", lastName: "Hopper" }, description };

  const made = await bus.call("cases.create", form, as("agent"));

  expect(made).toMatchObject({ customerId: "grace", customerName: "Grace Hopper" });
  expect(bus.customersMade).toEqual([expect.objectContaining(form.customer)]);
});

test("B01: the same command makes one case, one number answered, one announcement", async () => {
  const bus = await startCases();
  const { meta } = as("agent");
  const command = { meta: { ...meta, commandId: newId() } };
  const form = { customerId: "ada", description };

  const first = await bus.call("cases.create", form, command);
  const again = await bus.call("cases.create", form, command);

  expect(again).toEqual(first);
  const events = await announced("cases", "cases.created");
  expect(events.filter(({ aggregate }) => aggregate.id === first.id)).toHaveLength(1);
});

test("D18, P16: a new case is announced with all that was set, and by whom; free text does not travel", async () => {
  const bus = await startCases();
  const agent = as("agent");

  const made = await bus.call("cases.create", { customerId: "ada", description }, agent);

  const events = await announced("cases", "cases.created");
  const event = events.find(({ aggregate }) => aggregate.id === made.id);
  expect(event).toMatchObject({
    aggregate: { kind: "case", id: made.id, version: 1 },
    key: made.id,
    actor: { kind: "user", id: agent.meta.actor?.id },
    data: {
      id: made.id,
      number: made.number,
      campaignId: "support",
      customerId: "ada",
      assigneeId: agent.meta.actor?.id,
      cause: "user",
    },
  });
  expect(event?.changes).toContainEqual({ field: "status", new: "new" });
  expect(event?.changes).toContainEqual({ field: "description", new: description });
  expect(JSON.stringify(withoutValues(event!))).not.toContain(description);
});

test("F062: concurrent cases get numbers of their own", async () => {
  const bus = await startCases();
  const form = { customerId: "ada", description };

  const made = await Promise.all(
    Array.from({ length: 20 }, () => bus.call("cases.create", form, as("agent"))),
  );

  expect(new Set(made.map(({ number }) => number)).size).toBe(20);
});
