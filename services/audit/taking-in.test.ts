import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { testLogger } from "#shared/testing/events.ts";
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
