/** Cases that have to do with one another (F101-F103). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import { administrator, startMerging } from "./merge.samples.ts";

async function start() {
  const { bus, ...more } = await startMerging();
  return {
    bus,
    ...more,
    relate: (id: string, relatedCaseId: string | number, who = administrator) =>
      bus.call("cases.addRelation", { id, relatedCaseId: String(relatedCaseId) }, who),
    related: async (id: string, who = administrator) => {
      const { items } = await bus.call("cases.listRelations", { id }, who);
      return items.map(({ relatedCase }) => relatedCase.id);
    },
  };
}

const refusedAt = (path: string, code: string) => ({
  type: "VALIDATION_ERROR",
  code: 422,
  data: { errors: [expect.objectContaining({ path, code })] },
});

test("F101, F102, F103: a case is related by number, and the relation is seen from both sides", async () => {
  const { relate, related, pair } = await start();
  const { survivor: one, absorbed: other } = await pair();

  const relation = await relate(one.id, other.number);

  expect(relation).toEqual({
    id: expect.any(String),
    relatedCase: other,
    createdAt: expect.any(Date),
    createdBy: administrator.meta.actor?.id,
  });
  expect([await related(one.id), await related(String(other.number))]).toEqual([
    [other.id],
    [one.id],
  ]);
  const [told] = (await announced("cases", "cases.relationAdded")).filter(
    ({ data }) => data.id === relation.id,
  );
  expect(told).toMatchObject({
    aggregate: { kind: "caseRelation" },
    changes: [
      { field: "caseId", old: null, new: one.id },
      { field: "relatedCaseId", old: null, new: other.id },
    ],
  });
});

test("D04: closed cases are related, too", async () => {
  const { relate, related, pair } = await start();
  const { survivor, absorbed } = await pair({ status: "closed" }, { status: "closed" });

  await relate(survivor.id, absorbed.id);

  expect(await related(survivor.id)).toEqual([absorbed.id]);
});

test("F102: a case is not related to itself, twice, or to one that is not there", async () => {
  const { relate, pair } = await start();
  const { survivor, absorbed } = await pair();
  const { id } = await relate(survivor.id, absorbed.id);

  const own = relate(survivor.id, survivor.number);
  await expect(own).rejects.toMatchObject(refusedAt("relatedCaseId", "same"));
  const unknown = relate(survivor.id, newId());
  await expect(unknown).rejects.toMatchObject(refusedAt("relatedCaseId", "unknown"));
  await expect(relate(absorbed.id, survivor.id)).rejects.toMatchObject({
    code: 409,
    type: "RELATION_EXISTS",
    data: { existingId: id },
  });
});

test("F102, B01: related from both sides at once, it is one relation", async () => {
  const { relate, related, pair } = await start();
  const { survivor, absorbed } = await pair();

  const outcomes = await Promise.allSettled([
    relate(survivor.id, absorbed.id),
    relate(absorbed.id, survivor.id),
  ]);

  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await related(survivor.id)).toEqual([absorbed.id]);
});

test("F101: a relation that is deleted is on neither case, and can be made anew", async () => {
  const { bus, relate, related, pair } = await start();
  const { survivor, absorbed } = await pair();
  const { id } = await relate(survivor.id, absorbed.id);
  const gone = { id: absorbed.id, relationId: id };

  await bus.call("cases.deleteRelation", gone, administrator);

  expect([await related(survivor.id), await related(absorbed.id)]).toEqual([[], []]);
  const again = bus.call("cases.deleteRelation", gone, administrator);
  await expect(again).rejects.toMatchObject({ code: 404 });
  await expect(relate(survivor.id, absorbed.id)).resolves.toBeDefined();
});

test("G04, F125: only cases that may be read are listed or related, and one that is only read is not changed", async () => {
  const { relate, related, pair, world } = await start();
  const { survivor, absorbed } = await pair({}, { campaignId: newId() });
  const agent = as("agent");
  const scope = { as: "agent" as const, channelIds: [], agentsSeeAllCases: true };
  const campaign = { ...scope, campaignId: survivor.campaignId };
  world.scopes = [{ ...campaign, showOtherCampaigns: false }];
  const unknown = relate(survivor.id, absorbed.number, agent);
  await expect(unknown).rejects.toMatchObject(refusedAt("relatedCaseId", "unknown"));
  await relate(survivor.id, absorbed.id);

  expect(await related(survivor.id, agent)).toEqual([]);
  world.scopes = [{ ...campaign, showOtherCampaigns: true }];
  expect(await related(survivor.id, agent)).toEqual([absorbed.id]);
  const other = relate(absorbed.id, survivor.id, agent);
  await expect(other).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
});

test("F102: one case has 200 relations and no more", async () => {
  const { relate, related, pair, bus } = await start();
  const { survivor } = await pair();
  const others = await keep(...Array.from({ length: 201 }, () => aCase()));
  for (const { id } of others.slice(0, 200)) await relate(survivor.id, id);

  const oneMore = relate(others[200]!.id, survivor.id);

  await expect(oneMore).rejects.toMatchObject({ code: 409, type: "TOO_MANY_RELATIONS" });
  const page = await bus.call("cases.listRelations", { id: survivor.id, limit: 3 }, administrator);
  expect([page.items.length, page.nextCursor]).toEqual([3, expect.any(String)]);
  expect(await related(survivor.id)).toHaveLength(50);
});

test("F094, F101: relations of a merged case are the survivor's, none twice and none with itself", async () => {
  const { relate, related, pair, merge, preview } = await start();
  const both = await pair();
  const [shared, own] = await keep(aCase(), aCase());
  const between = await relate(both.survivor.id, both.absorbed.id);
  const kept = await relate(both.survivor.id, shared!.id);
  const doubled = await relate(shared!.id, both.absorbed.id);
  const moved = await relate(both.absorbed.id, own!.id);

  const { plan } = await preview(both);
  const { merge: done } = await merge(both);

  expect(plan.relations).toEqual({ moved: [moved.id], dropped: [between.id, doubled.id] });
  expect(done.counts.relations).toBe(1);
  expect(kept.id).not.toBe(doubled.id);
  expect(await related(both.survivor.id)).toEqual([shared!.id, own!.id]);
  expect([await related(shared!.id), await related(own!.id)]).toEqual([
    [both.survivor.id],
    [both.survivor.id],
  ]);
  const told = (await announced("cases", "cases.relationMoved")).filter(
    ({ data }) => data.id === moved.id,
  );
  expect(told).toMatchObject([
    { changes: [{ field: "caseId", old: both.absorbed.id, new: both.survivor.id }] },
  ]);
});

test("F102, D03: a number that was merged away names the survivor", async () => {
  const { relate, pair, merge } = await start();
  const both = await pair();
  await merge(both);
  const [other] = await keep(aCase());

  const { relatedCase } = await relate(other!.id, both.absorbed.number);

  expect(relatedCase.id).toBe(both.survivor.id);
});
