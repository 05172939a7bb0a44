/** What cases carry of their customer follows the customer (G02, F127). */
import { expect, test } from "@jest/globals";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const administrator = as("administrator");

/** The cases service beside customers that are called like this now, and tell of changes. */
async function startCases(now: { id: string; name: string; document?: string }) {
  const bus = await startBus(
    cases,
    standIn("customers", {
      describe: ({ params: { ids } }) => (ids.includes(now.id) ? [now] : []),
      identify: unmerged,
    }),
  );
  await prepare("customers", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("customers", testLogger());
  onTestFinished(() => relay.stop());
  const announceChange = async (id: string) => {
    await write("customers", administrator, (tx) => {
      tx.announce({
        event: "customers.changed",
        aggregate: { kind: "customer", id, version: 2 },
        data: { id },
      });
      return Promise.resolve();
    });
    await takenIn("cases", "customers.changed");
  };
  const get = (id: string) => bus.call("cases.get", { id }, administrator);
  const found = async (q: string, customerId: string) =>
    (await bus.call("cases.list", { q, customerId: [customerId] }, administrator)).items.length;
  return { announceChange, get, found };
}

test("G02, F127: all cases of a customer get the new name and are found by it", async () => {
  const customerId = newId();
  const { announceChange, get, found } = await startCases({
    id: customerId,
    name: "Ada Lovelace",
    document: "CC 1815",
  });
  const old = { customerId, customerName: "Ada Byron", subject: "Router" };
  const kept = await keep(...Array.from({ length: 450 }, () => aCase(old)));
  const [another] = await keep(aCase({ customerName: "Ada Byron" }));

  await announceChange(customerId);

  expect(await get(kept[449]!.id)).toEqual({
    ...kept[449],
    customerName: "Ada Lovelace",
    customerDocument: "CC 1815",
  });
  expect(await get(another!.id)).toEqual(another);
  expect(await found("lovelace router", customerId)).toBe(50);
  expect(await found("1815", customerId)).toBe(50);
  expect(await found("byron", customerId)).toBe(0);
});

test("G02: a document that the customer no longer has goes from the cases too", async () => {
  const customerId = newId();
  const { announceChange, get } = await startCases({ id: customerId, name: "Ada" });
  const [kase] = await keep(
    aCase({ customerId, customerName: "Ada", customerDocument: "CC 1815" }),
  );

  await announceChange(customerId);

  expect((await get(kase!.id)).customerDocument).toBeUndefined();
});

test("G02: a customer that nobody knows any more changes nothing", async () => {
  const { announceChange, get } = await startCases({ id: newId(), name: "Ada" });
  const [kase] = await keep(aCase({ customerName: "Grace" }));

  await announceChange(kase!.customerId);

  expect(await get(kase!.id)).toEqual(kase);
});
