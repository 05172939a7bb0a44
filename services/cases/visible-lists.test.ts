/** Lists, counts, searches and single reads show the same: what the user may see (G04, B09). */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { readsCase, seesCase } from "#shared/visibility.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const campaigns = ["north", "south"];
const channels = ["mail", "chat"];
const people = ["ana", "bo"];

/** Every way in which a case can be placed. */
const placed = campaigns.flatMap((campaignId) =>
  [undefined, ...channels].flatMap((channelId) =>
    [undefined, ...people].map((assigneeId) =>
      aCase({
        subject: "Router",
        customerId: "ada",
        campaignId,
        ...(channelId ? { channelId } : {}),
        ...(assigneeId ? { assigneeId } : {}),
      }),
    ),
  ),
);

const scopes = fc.uniqueArray(
  fc.record<CampaignScope>({
    campaignId: fc.constantFrom(...campaigns),
    as: fc.constantFrom("supervisor", "agent"),
    channelIds: fc.subarray(channels),
    agentsSeeAllCases: fc.boolean(),
    showOtherCampaigns: fc.boolean(),
  }),
  { selector: ({ campaignId }) => campaignId },
);
const role = fc.constantFrom<NonNullable<Actor["role"]>>("administrator", "supervisor", "agent");

test("B09, F125: every list, count, search and read agrees with the one predicate", async () => {
  let current: CampaignScope[] = [];
  const bus = await startBus(
    cases,
    standIn("campaigns", { scopesOf: () => current }),
    standIn("customers", { identify: unmerged }),
    standIn("identity", { namesOf: () => [] }),
  );
  await keep(...placed);

  await fc.assert(
    fc.asyncProperty(scopes, role, fc.constantFrom(...people), async (held, part, id) => {
      current = held;
      const user = as(part, { id });
      const seen = placed.filter((one) => seesCase(user.meta.actor!, held, one));
      const expected = seen.map((one) => one.id).sort();

      const list = await bus.call("cases.list", { count: true, limit: 200 }, user);
      const search = await bus.call("cases.list", { q: "rout", sort: "updated" }, user);
      const own = await bus.call("cases.list", { assigneeId: [id] }, user);

      expect(list.items.map((one) => one.id).sort()).toEqual(expected);
      expect(list.total).toBe(expected.length);
      expect(search.items.map((one) => one.id).sort()).toEqual(expected);
      expect(own.items).toHaveLength(seen.filter((one) => one.assigneeId === id).length);

      const readable = placed
        .filter((one) => readsCase(user.meta.actor!, held, one))
        .map((one) => one.id)
        .sort();
      const ofAda = await bus.call("cases.list", { customerId: ["ada"] }, user);
      const profile = await bus.call("cases.listOfCustomer", { id: "ada", count: true }, user);
      const among = await bus.call("cases.readable", { ids: placed.map((one) => one.id) }, user);
      const counts = await bus.call("cases.countsOf", { customerId: "ada" }, user);

      expect(ofAda.items.map((one) => one.id).sort()).toEqual(readable);
      expect(profile.items.map((one) => one.id).sort()).toEqual(readable);
      expect(profile.total).toBe(readable.length);
      expect(among.map((one) => one.id).sort()).toEqual(readable);
      expect(counts.byStatus).toContainEqual({ status: "new", count: readable.length });
      const changeable = profile.items.filter((one) => !one.readOnly);
      expect(changeable.map((one) => one.id).sort()).toEqual(expected);

      const reads = await Promise.allSettled(
        placed.map((one) => bus.call("cases.access", { id: one.id }, user)),
      );
      const read = reads.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
      expect(read.sort()).toEqual(readable);
    }),
    { numRuns: 40 },
  );
});
