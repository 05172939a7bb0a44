/** When a customer was last heard from, as the events of interactions tell. */
import { expect, test } from "@jest/globals";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import customers from "./customers.service.ts";

const agent = as("agent");

type Told = "interactions.received" | "interactions.reported";

/** Announces a message of, or to, a customer as the channels service does. */
async function receive(customerId: string, event: Told = "interactions.received") {
  await prepare("channels", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("channels", testLogger());
  onTestFinished(() => relay.stop());
  const id = newId();
  await write("channels", as("connector"), (tx) => {
    tx.announce({
      event,
      aggregate: { kind: "interaction", id, version: 1 },
      data: {
        id,
        channelId: newId(),
        campaignId: newId(),
        caseId: newId(),
        customerId,
        seq: 1,
        isNewCase: true,
      },
    });
    return Promise.resolve();
  });
}

test("F005: a message moves the time of the last interaction, and no version", async () => {
  const bus = await startBus(customers);
  const created = await bus.call("customers.create", { firstName: "Ada" }, agent);
  const before = Date.now();

  await receive(created.id);

  const { lastInteractionAt, ...rest } = await until(async () => {
    const found = await bus.call("customers.get", { id: created.id }, agent);
    return found.lastInteractionAt && found;
  });
  expect(rest).toEqual(created);
  expect(lastInteractionAt!.getTime()).toBeGreaterThanOrEqual(before);
});

test("F005, F138: what the company sent elsewhere is an interaction with it, too", async () => {
  const bus = await startBus(customers);
  const created = await bus.call("customers.create", { firstName: "Ada" }, agent);

  await receive(created.id, "interactions.reported");

  const found = await until(async () => {
    const now = await bus.call("customers.get", { id: created.id }, agent);
    return now.lastInteractionAt && now;
  });
  expect(found.version).toBe(created.version);
});
