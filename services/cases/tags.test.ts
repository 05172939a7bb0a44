/** Tags of cases (G03): set, added and taken off, found, counted, merged; refusals. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { withoutValues } from "#shared/personal.rules.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const bo = as("agent", { id: "bo" });

/** Bo's case, in a campaign whose agents may read those of others. */
async function startCase(said: Partial<Case> = {}) {
  const kase = aCase({ status: "open", assigneeId: "bo", ...said });
  const { id, campaignId } = kase;
  const scope = {
    ...{ campaignId, as: "agent" as const, channelIds: [] },
    ...{ agentsSeeAllCases: false, showOtherCampaigns: true },
  };
  const bus = await startBus(
    cases,
    standIn("campaigns", {
      scopesOf: () => [scope],
      describe: ({ params }) => aCampaign(params.id),
    }),
    standIn("customers", { identify: unmerged }),
    standIn("files", { countOfCases: () => ({ count: 0 }) }),
  );
  await keep(kase);
  const tag = (add: string[], remove: string[] = []) =>
    bus.call("cases.tag", { id, add, remove }, bo);
  const change = (tags: string[] | null, version = 1) =>
    bus.call("cases.change", { id, version, tags }, bo);
  const found = async (...tags: string[]) =>
    (await bus.call("cases.list", { campaignId: [campaignId], tag: tags }, bo)).items.map(
      (one) => one.id,
    );
  return { bus, kase, tag, change, found };
}

const told = async ({ id }: Case) =>
  (await announced("cases", "cases.changed")).filter(({ data }) => data.id === id);

test("G03: tags are added and taken off, each once and in order; again is as once", async () => {
  const { kase, tag } = await startCase();

  const first = await tag(["vip", "billing", "vip"]);
  const again = await tag(["billing"], ["refund"]);
  const other = await tag(["refund"], ["vip"]);
  const none = await tag([], ["billing", "refund"]);

  expect(first).toMatchObject({ tags: ["billing", "vip"], version: 2 });
  expect(again).toEqual(first);
  expect(other).toMatchObject({ tags: ["billing", "refund"], version: 3 });
  expect(none).toMatchObject({ version: 4 });
  expect(none).not.toHaveProperty("tags");
  expect((await told(kase)).length).toBe(3);
});

test("G03, D18, P16: the log gets the tags of a case, the event does not tell them", async () => {
  const { bus, kase, tag } = await startCase();
  await tag(["vip"]);

  const [event] = await told(kase);
  const values = await bus.call("cases.personalChanges", { eventIds: [String(event?.id)] });

  expect(withoutValues(event!)).toEqual([{ field: "tags", personal: true }]);
  expect(values).toMatchObject([{ changes: [{ field: "tags", new: ["vip"] }] }]);
});

test("G03, P9: the form sets all tags at once, by the version that was read", async () => {
  const { kase, change } = await startCase({ tags: ["old"] });

  const changed = await change(["vip", "billing", "vip"]);
  const same = await change(["vip", "billing"], 2);
  const cleared = await change(null, 2);

  expect(changed).toMatchObject({ tags: ["billing", "vip"], version: 2 });
  expect(same).toEqual(changed);
  expect(cleared).not.toHaveProperty("tags");
  await expect(change(["late"], 1)).rejects.toMatchObject({ code: 412 });
  expect(await told(kase)).toHaveLength(2);
});

test("G03, G01: who tags a new case opens it", async () => {
  const { tag } = await startCase({ status: "new" });

  expect(await tag(["vip"])).toMatchObject({ status: "open", tags: ["vip"] });
});

test("G03: cases are found by one tag or by several, all of which they have", async () => {
  const { kase, found } = await startCase({ tags: ["billing", "vip"] });
  const { campaignId } = kase;
  const [other] = await keep(aCase({ campaignId, assigneeId: "bo", tags: ["vip"] }));
  await keep(aCase({ campaignId, assigneeId: "cy", tags: ["vip"] }), aCase({ tags: ["vip"] }));

  expect((await found("vip")).sort()).toEqual([kase.id, String(other?.id)].sort());
  expect(await found("vip", "billing")).toEqual([kase.id]);
  expect(await found("vi")).toEqual([]);
});

test("G03, G04: tags in use are counted among the active cases that the user sees", async () => {
  const { bus, kase } = await startCase({ tags: ["billing", "vip"] });
  const { campaignId } = kase;
  await keep(
    aCase({ campaignId, assigneeId: "bo", tags: ["vip"] }),
    aCase({ campaignId, assigneeId: "cy", tags: ["Ágil", "vip"] }),
    aCase({ campaignId, assigneeId: "bo", status: "closed", tags: ["vip"] }),
    aCase({ tags: ["elsewhere"] }),
  );
  const counted = (asked: { q?: string; limit?: number }, who = as("administrator")) =>
    bus.call("cases.listTags", { campaignId: [campaignId], ...asked }, who);
  const vip = (count: number) => ({ tag: "vip", count });

  expect(await counted({}, bo)).toEqual({
    items: [vip(2), { tag: "billing", count: 1 }],
    isComplete: true,
  });
  expect((await counted({ limit: 1 })).items).toEqual([vip(3)]);
  expect((await counted({ q: "AG" })).items).toEqual([{ tag: "Ágil", count: 1 }]);
  const foreign = await bus.call("cases.listTags", { campaignId: [newId()] }, bo);
  expect(foreign).toEqual({ items: [], isComplete: true });
});

test("F126, G03: a job closes the cases with a tag", async () => {
  const { bus, kase } = await startCase();
  const { campaignId } = kase;
  await keep(aCase({ campaignId, tags: ["spam"] }), aCase({ campaignId, tags: ["vip"] }));
  const filter = { campaignId: [campaignId], tag: ["spam"] };

  const job = await bus.call("cases.bulkClose", { filter }, as("administrator"));

  expect(job.total).toBe(1);
});

test("F096, G03: the survivor of a merge has the tags of both", async () => {
  const { bus, kase } = await startCase({ tags: ["vip"] });
  const { campaignId, customerId } = kase;
  const [absorbed] = await keep(aCase({ campaignId, customerId, tags: ["billing", "vip"] }));
  const pair = { id: kase.id, survivorCaseId: kase.id, otherCaseId: String(absorbed?.id) };

  const { survivor, plan } = await bus.call("cases.previewMerge", pair, as("administrator"));
  const merged = await bus.call("cases.merge", pair, as("administrator"));

  expect(plan.filled).toEqual(["tags"]);
  expect(survivor.tags).toEqual(["vip"]);
  expect(merged.survivor.tags).toEqual(["billing", "vip"]);
});

test("B08, P16: tags go with the person that the case is about", async () => {
  const { bus, kase, tag } = await startCase({ customerId: newId() });
  await tag(["canary"]);
  const subject = { customerIds: [kase.customerId], addresses: [] };

  const shown = await bus.call("cases.personalData", { subject });
  await bus.call("cases.erasePersonalData", { subject });

  expect(JSON.stringify(shown)).toContain("canary");
  const left = await bus.call("cases.get", { id: kase.id }, bo);
  expect(left).not.toHaveProperty("tags");
});

test("G03, D04, F125: a case that is closed, only read, or not seen gets no tags", async () => {
  const closed = await startCase({ status: "closed" });
  const foreign = aCase();
  await keep(foreign);
  const hidden = await startCase({ assigneeId: "cy" });

  await expect(closed.tag(["vip"])).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
  await expect(
    closed.bus.call("cases.tag", { id: foreign.id, add: ["vip"] }, bo),
  ).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
  await expect(hidden.tag(["vip"])).rejects.toMatchObject({ code: 404 });
});

test.each([
  [{ add: ["a,b"] }, "add[0]"],
  [{ add: [""] }, "add[0]"],
  [{ add: ["a\nb"] }, "add"],
  [{ add: ["x".repeat(61)] }, "add[0]"],
  [{ add: Array.from({ length: 21 }, (_, place) => String(place)) }, "add"],
  [{ add: Array.from({ length: 20 }, (_, place) => String(place)) }, "add"],
  [{ remove: "vip" }, "remove"],
  [{ tags: ["vip"] }, "tags"],
])("G03: what cannot be tags is refused by name: %j", async (asked, path) => {
  const { bus, kase } = await startCase({ tags: ["vip"] });

  const refused = bus.call("cases.tag", { id: kase.id, ...asked } as never, bo);

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [expect.objectContaining({ path })] },
  });
  expect(await bus.call("cases.get", { id: kase.id }, bo)).toEqual(kase);
});
