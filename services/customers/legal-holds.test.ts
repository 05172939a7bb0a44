import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

const admin = as("administrator");

async function start() {
  const bus = await startBus(customers, standIn("cases", { countOf: () => ({ count: 0 }) }));
  const aCustomer = async () =>
    (await bus.call("customers.create", { firstName: newId() }, admin)).id;
  const hold = (id: string) => bus.call("customers.setLegalHold", { id, reason: "x" }, admin);
  const held = (...ids: string[]) => bus.call("customers.underLegalHold", { ids });
  return { bus, aCustomer, hold, held };
}

test("B08: who is under legal hold is told, and nobody else", async () => {
  const { bus, aCustomer, hold, held } = await start();
  const [ada, bo] = [await aCustomer(), await aCustomer()];

  expect(await held(ada, bo, "nobody")).toEqual([]);
  await hold(ada);
  expect(await held(ada, bo, "nobody")).toEqual([ada]);
  await bus.call("customers.liftLegalHold", { id: ada }, admin);
  expect(await held(ada, bo)).toEqual([]);
});

test("B08, D03: a hold on one of two who are one keeps what goes by either id", async () => {
  const { bus, aCustomer, hold, held } = await start();
  const merge = (survivorId: string, absorbedId: string) =>
    bus.call("customers.merge", { survivorId, absorbedId }, admin);
  const [survivor, absorbed, other] = [await aCustomer(), await aCustomer(), await aCustomer()];
  const [kept, heldBefore] = [await aCustomer(), await aCustomer()];

  await merge(survivor, absorbed);
  await hold(survivor);
  await hold(heldBefore);
  await merge(kept, heldBefore);

  expect(await held(absorbed, survivor, other)).toEqual([absorbed, survivor]);
  expect(await held(kept, heldBefore)).toEqual([kept, heldBefore]);
  expect(await held(other)).toEqual([]);
});
