import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { published, takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import audit from "./audit.service.ts";

let bus: Broker;
beforeEach(async () => {
  bus = await startBus(audit);
  await prepare("identity", [outboxTable, inboxTable]);
  const relay = await startRelay("identity", testLogger());
  onTestFinished(() => relay.stop());
});

const supervisor = as("supervisor");

/** A user's change as identity tells it. */
const changeUser = (id: string, version: number, changes: { field: string }[] = []) =>
  write("identity", supervisor, ({ announce }) => {
    const data = { id, role: "agent", disabled: false } as const;
    const aggregate = { kind: "user", id, version };
    announce({ event: "identity.userChanged", aggregate, changes, data });
    return Promise.resolve();
  });

test("D18, B06: what any service announces is in the log, by whom and why", async () => {
  const id = newId();
  const { actor, requestId } = supervisor.meta;
  await changeUser(id, 2, [{ field: "name", old: "Ada", new: "Bo" } as never]);
  await takenIn("audit", "identity.userChanged");

  const { items } = await bus.call("audit.list", { aggregate: "user", aggregateId: id });

  expect(items).toEqual([
    {
      id: expect.any(String),
      event: "identity.userChanged",
      aggregate: "user",
      aggregateId: id,
      aggregateVersion: 2,
      actorKind: "user",
      actorId: actor?.id,
      actorName: actor?.name,
      cause: requestId,
      changes: [{ field: "name", old: "Ada", new: "Bo" }],
      at: expect.any(Date),
    },
  ]);
});

test("B06: many changes at once are all in the log, each once", async () => {
  const id = newId();
  const versions = Array.from({ length: 60 }, (_, place) => place + 1);
  await Promise.all(versions.map((version) => changeUser(id, version)));
  await takenIn("audit", "identity.userChanged");

  const { items } = await bus.call("audit.list", { aggregateId: id, limit: 200 });

  const logged = items.map((one) => one.aggregateVersion).sort((a, b) => a - b);
  expect(logged).toEqual(versions);
});

/** A customer's new name, as the customers service tells it. */
const renameCustomer = (id: string) =>
  write("customers", supervisor, ({ announce }) => {
    const aggregate = { kind: "customer", id, version: 2 };
    const changes = [
      { field: "disabled", old: false, new: true },
      { field: "firstName", old: "Ada", new: "Bo" },
    ];
    announce({ event: "customers.changed", aggregate, changes, data: { id } });
    return Promise.resolve();
  });

test("F116, P16: personal values do not travel, and the log has them: it waits for who keeps them", async () => {
  await prepare("customers", [outboxTable, inboxTable]);
  const relay = await startRelay("customers", testLogger());
  onTestFinished(() => relay.stop());
  const [id, other] = [newId(), newId()];
  await renameCustomer(id);
  await published("customers");
  await changeUser(other, 2);
  await takenIn("audit", "identity.userChanged");
  const before = await bus.call("audit.list", { aggregateId: id });

  const asked: string[][] = [];
  const kept = announcer("customers");
  const customers = standIn("customers", {
    personalChanges(ctx) {
      asked.push(ctx.params.eventIds);
      return kept.personalChanges(ctx);
    },
  });
  (bus as unknown as { createService(schema: unknown): unknown }).createService(customers);
  await takenIn("audit", "customers.changed");

  const { items } = await bus.call("audit.list", { aggregateId: id });
  expect(before.items).toEqual([]);
  expect(items[0]?.changes).toEqual([
    { field: "disabled", old: false, new: true },
    { field: "firstName", old: "Ada", new: "Bo", personal: true },
  ]);
  expect(asked).toEqual([[items[0]?.id]]);
});
