import { expect, test } from "@jest/globals";
import { as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

test("G18: a disabled customer is still who its messages are from", async () => {
  const bus = await startBus(customers);
  const sender = { type: "email" as const, value: "disabled@example.com", name: "Ada" };
  const [first] = await bus.call("customers.resolve", { senders: [sender] });
  const id = first!.customerId!;
  await bus.call("customers.change", { id, version: 1, disabled: true }, as("agent"));

  const [again] = await bus.call("customers.resolve", { senders: [sender] });
  const described = await bus.call("customers.describe", { ids: [id] });

  expect(again).toMatchObject({ customerId: id, isNew: false, blocked: false });
  expect(described).toEqual([{ id, name: "Ada", disabled: true }]);
});
