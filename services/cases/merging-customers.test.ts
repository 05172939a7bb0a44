/** The customers of merged cases become one as well (F045, F095, F097). */
import { expect, test } from "@jest/globals";
import { until } from "#shared/testing/until.ts";
import { administrator, startMerging } from "./merge.samples.ts";

test("F095, F097, F045: the customers are merged by the one who asks, once", async () => {
  const { pair, merge, preview, world } = await startMerging();
  const both = await pair();
  const asked = { mergeCustomers: true, survivorCustomerId: both.absorbed.customerId };
  const customers = {
    survivorId: both.absorbed.customerId,
    absorbedId: both.survivor.customerId,
  };

  const shown = await preview(both, asked);
  const { merge: done } = await merge(both, asked);

  expect(shown.customers).toMatchObject({ ...customers, plan: { counts: { cases: 1 } } });
  expect(done.customers).toEqual({ ...customers, state: "done" });
  expect(world.customersMerged).toEqual([customers]);
});

test("F095, P7: customers that are away are merged when they are back", async () => {
  const { pair, merge, world, bus } = await startMerging();
  const both = await pair();
  world.customersAre = "away";
  const asked = { mergeCustomers: true, survivorCustomerId: both.survivor.customerId };

  const { merge: done } = await merge(both, asked);
  world.customersAre = "there";

  expect(done.customers?.state).toBe("waiting");
  await until(async () => {
    const { items } = await bus.call("cases.listMerges", { id: both.survivor.id }, administrator);
    return items[0]?.customers?.state === "done";
  });
  expect(world.customersMerged).toHaveLength(1);
});

test("F095: that customers cannot be merged any more stands in the merge", async () => {
  const { pair, merge, world } = await startMerging();
  const both = await pair();
  world.customersAre = "refusing";

  const { merge: done } = await merge(both, {
    ...{ mergeCustomers: true, survivorCustomerId: both.survivor.customerId },
  });

  expect(done.customers).toMatchObject({ state: "refused", refusal: "TOO_MANY_ACCOUNTS" });
});
