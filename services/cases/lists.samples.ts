/** Lists of cases for tests. */
import type { Contracts } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Sent } from "#shared/fields.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

export type Params = Sent<Contracts["cases"]["actions"]["list"]["params"]>;

export const day = (date: number) => new Date(Date.UTC(2026, 2, date));

/** The cases service, the cases that a test tells of, and a list of them by their subjects. */
export async function startCases(...said: Partial<Case>[]) {
  const bus = await startBus(
    cases,
    standIn("campaigns", { scopesOf: () => [] }),
    standIn("customers", { identify: unmerged }),
  );
  const campaignId = newId();
  await keep(...said.map((one) => aCase({ campaignId, ...one })));
  const list = (asked: Params) =>
    bus.call("cases.list", { campaignId: [campaignId], ...asked }, as("administrator"));
  const subjects = async (asked: Params) =>
    (await list(asked)).items.map(({ subject }) => String(subject));
  return { bus, list, subjects };
}
