/** Lists without a filter are of the campaign that the user works in (G03). */
import { expect, test } from "@jest/globals";
import type { Contracts } from "#shared/bus.ts";
import type { Sent } from "#shared/fields.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { bo } from "./creation.samples.ts";

type Params = Sent<Contracts["cases"]["actions"]["list"]["params"]>;

test("G03: without a filter the list is of the campaign that the user works in", async () => {
  const [here, there] = [newId(), newId()];
  const bus = await startBus(
    cases,
    standIn("campaigns", { scopesOf: () => [] }),
    standIn("customers", { identify: unmerged }),
    standIn("identity", { me: () => ({ ...bo, currentCampaignId: here, permissions: [] }) }),
  );
  const customerId = newId();
  const [mine, other] = await keep(
    aCase({ campaignId: here, customerId, subject: "Zymurgy" }),
    aCase({ campaignId: there, customerId, subject: "Zymurgy" }),
  );
  const ids = async (asked: Params) =>
    (await bus.call("cases.list", asked, as("administrator"))).items.map(({ id }) => id).sort();
  const both = [mine!.id, other!.id].sort();

  expect(await ids({})).toEqual([mine!.id]);
  expect(await ids({ campaignId: [there] })).toEqual([other!.id]);
  expect(await ids({ campaignId: ["all"] })).toEqual(expect.arrayContaining(both));
  expect(await ids({ q: "zymurgy" })).toEqual(both);
  expect(await ids({ customerId: [customerId] })).toEqual(both);
});
