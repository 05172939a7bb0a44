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
import { published, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
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

/** What the log has of this, once there are so many entries. */
const logged = (entries: number, of: Parameters<typeof bus.call<"audit.list">>[1]) =>
  until(async () => {
    const { items } = await bus.call("audit.list", of);
    return items.length >= entries && items;
  });

test("D18, B06: what any service announces is in the log, by whom and why", async () => {
  const id = newId();
  const { actor, requestId } = supervisor.meta;

  await changeUser(id, 2, [{ field: "name", old: "Ada", new: "Bo" } as never]);

  const items = await logged(1, { aggregate: "user", aggregateId: id });

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
      because: "user",
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

  const items = await logged(60, { aggregateId: id, limit: 200 });
  expect(items.map((one) => one.aggregateVersion).sort((a, b) => a - b)).toEqual(versions);
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

async function relayCustomers(): Promise<void> {
  await prepare("customers", [outboxTable, inboxTable]);
  const relay = await startRelay("customers", testLogger());
  onTestFinished(() => relay.stop());
}

const disabled = { field: "disabled", old: false, new: true };

/** The customers service, as far as it is asked for the values of its events. */
function startCustomers(asked: string[][] = [], onAsked: () => unknown = () => undefined): void {
  const kept = announcer("customers");
  const customers = standIn("customers", {
    async personalChanges(ctx) {
      asked.push(ctx.params.eventIds);
      const answer = await kept.personalChanges(ctx);
      await onAsked();
      return answer;
    },
  });
  (bus as unknown as { createService(schema: unknown): unknown }).createService(customers);
}

test("F116, P16: personal values do not travel, and the log has them: it waits for who keeps them", async () => {
  await relayCustomers();
  const [id, other] = [newId(), newId()];
  await renameCustomer(id);
  await published("customers");
  await changeUser(other, 2);
  await logged(1, { aggregateId: other });
  const before = await bus.call("audit.list", { aggregateId: id });

  const asked: string[][] = [];
  startCustomers(asked);

  const items = await logged(1, { aggregateId: id });
  expect(before.items).toEqual([]);
  expect(items[0]?.changes).toEqual([
    disabled,
    { field: "firstName", old: "Ada", new: "Bo", personal: true },
  ]);
  expect(asked).toEqual([[items[0]?.id]]);
});

test("P16: values that were fetched before their person was erased, and come after that, are not kept", async () => {
  await relayCustomers();
  const id = newId();
  startCustomers([], () => bus.call("audit.eraseValues", { aggregateIds: [id] }));

  await renameCustomer(id);

  const blanked = { field: "firstName", personal: true, erased: true };
  const items = await until(async () => {
    const [entry] = await logged(1, { aggregateId: id });
    return entry?.changes[1]?.erased && entry.changes;
  });
  expect(items).toEqual([disabled, blanked]);
});
