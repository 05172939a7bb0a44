/** Cases that cannot be merged, each with its reason (F093-F100, D02, D04, D05). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { as } from "#shared/testing/bus.ts";
import { administrator, startMerging } from "./merge.samples.ts";
import { cases as table } from "./tables.store.ts";

const refusedAt = (path: string, code: string) => ({
  type: "VALIDATION_ERROR",
  code: 422,
  data: { errors: [expect.objectContaining({ path, code })] },
});

test("F093: a case is not merged with itself, with nothing, or into a third", async () => {
  const { pair, bus } = await startMerging();
  const { survivor, absorbed } = await pair();
  const third = (await pair()).survivor.id;
  const { id } = survivor;
  const ask = (more: { survivorCaseId: string; otherCaseId?: string }) =>
    bus.call("cases.previewMerge", { id, ...more }, administrator);

  const own = { otherCaseId: String(survivor.number), survivorCaseId: id };
  await expect(ask(own)).rejects.toMatchObject(refusedAt("otherCaseId", "same"));
  const alone = ask({ survivorCaseId: id });
  await expect(alone).rejects.toMatchObject(refusedAt("otherCaseId", "required"));
  const foreign = ask({ otherCaseId: absorbed.id, survivorCaseId: third });
  await expect(foreign).rejects.toMatchObject(refusedAt("survivorCaseId", "neither"));
  const unknown = ask({ otherCaseId: newId(), survivorCaseId: id });
  await expect(unknown).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});

test.each([
  [{ mergeCustomers: true }, "survivorCustomerId", "required"],
  [{ mergeCustomers: true, survivorCustomerId: "nobody" }, "survivorCustomerId", "neither"],
  [{ survivorCustomerId: "ada" }, "survivorCustomerId", "unused"],
])("D02, F097: %j is refused by field", async (more, path, code) => {
  const { pair, merge, preview } = await startMerging();
  const both = await pair();

  for (const ask of [merge, preview]) {
    await expect(ask(both, more)).rejects.toMatchObject(refusedAt(path, code));
  }
});

test("D02: cases of one customer have no customers to merge", async () => {
  const { pair, merge } = await startMerging();
  const both = await pair({ customerId: "ada" }, { customerId: "ada" });

  const refused = merge(both, { mergeCustomers: true, survivorCustomerId: "ada" });

  await expect(refused).rejects.toMatchObject(refusedAt("mergeCustomers", "same"));
});

test("D04, F108: a closed case is not merged, from whichever side", async () => {
  const { pair, merge } = await startMerging();

  for (const [own, their] of [
    [{ status: "closed" }, {}],
    [{}, { status: "closed" }],
  ] as const) {
    await expect(merge(await pair(own, their))).rejects.toMatchObject({
      code: 409,
      type: "CASE_CLOSED",
    });
  }
});

test("P9: a version that is not the case's is refused", async () => {
  const { pair, merge } = await startMerging();
  const both = await pair({ version: 3 });

  for (const version of [{ survivorVersion: 2 }, { absorbedVersion: 2 }]) {
    await expect(merge(both, version)).rejects.toMatchObject({ code: 412, type: "STALE_VERSION" });
  }
  await expect(merge(both, { survivorVersion: 3, absorbedVersion: 1 })).resolves.toBeDefined();
});

test("F100, D05: a campaign that does not allow it is respected by everybody, on either side", async () => {
  const { pair, merge, preview, world } = await startMerging();
  const both = await pair({}, { campaignId: newId() });
  world.forbidding.add(both.absorbed.campaignId);

  for (const ask of [merge, preview]) {
    await expect(ask(both)).rejects.toMatchObject({
      code: 409,
      type: "MERGE_NOT_ALLOWED",
      data: { campaignId: both.absorbed.campaignId },
    });
  }
});

test("G04, F125: a case of another campaign is unknown, and one that may only be read is not merged", async () => {
  const { pair, merge, world } = await startMerging();
  const both = await pair({}, { campaignId: newId() });
  const agent = as("agent");
  const scope = { as: "agent" as const, channelIds: [], agentsSeeAllCases: true };
  const campaign = { ...scope, campaignId: both.survivor.campaignId };

  world.scopes = [{ ...campaign, showOtherCampaigns: false }];
  await expect(merge(both, {}, agent)).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  world.scopes = [{ ...campaign, showOtherCampaigns: true }];
  await expect(merge(both, {}, agent)).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
});

test("P7: a case is not merged again before its conversation is whole", async () => {
  const { pair, merge } = await startMerging();
  const both = await pair({ interactionCount: 1 }, { interactionCount: 1 });
  await merge(both);
  const next = (await pair()).survivor;

  const again = merge({ survivor: next, absorbed: both.survivor });

  await expect(again).rejects.toMatchObject({ code: 409, type: "MERGE_UNDER_WAY" });
});

test("F093: what would be too much for one case is refused", async () => {
  const { pair, merge } = await startMerging();
  const many = Array.from({ length: 100 }, (_, index) => ({
    id: newId(),
    number: 900_000 + index,
  }));

  const long = merge(await pair({ interactionCount: 15_000 }, { interactionCount: 5_001 }));
  await expect(long).rejects.toMatchObject({ code: 409, type: "CONVERSATION_TOO_LONG" });
  const often = merge(await pair({ absorbed: many }));
  await expect(often).rejects.toMatchObject({ code: 409, type: "TOO_MANY_MERGES" });
  expect(
    await table.native().countDocuments({ mergedInto: { $in: many.map(({ id }) => id) } }),
  ).toBe(0);
});
