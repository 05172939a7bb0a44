/** Two cases become one: the switch in cases, what leads where, and the customers (F093-F100, D03). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { write } from "#shared/mongo/write.ts";
import { aCase, keep } from "./a-case.ts";
import { administrator, startMerging } from "./merge.samples.ts";
import { arrived } from "./merges.store.ts";
import { cases as table } from "./tables.store.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
const last = (minute: number) => ({
  id: newId(),
  channelId: "web",
  direction: "inbound" as const,
  preview: `At ${String(minute)}`,
  at: at(minute),
});

/** As if channels had put the conversations together. */
const joined = (mergeId: string) =>
  write("cases", { meta: {} }, ({ session }) =>
    arrived(mergeId, "interactions", { at: new Date() }, session),
  );

test("F093, F094, F096, F098, D03: the preview is what happens: one is closed, the other has both", async () => {
  const { pair, merge, preview, get, world } = await startMerging();
  const both = await pair(
    { status: "transferred", interactionCount: 2, unreadCount: 1, lastInteraction: last(1) },
    {
      ...{ interactionCount: 3, unreadCount: 3, lastInteraction: last(5) },
      ...{ lastCustomerUpdateAt: at(5), subject: "Router", caseTypeId: "claim" },
    },
  );
  world.files = 4;

  const shown = await preview(both);
  const { survivor, merge: done } = await merge(both);

  expect(shown).toEqual({
    ...both,
    plan: {
      counts: { interactions: 3, activities: 0, files: 4, relations: 0 },
      relations: { moved: [], dropped: [] },
      filled: ["subject", "caseTypeId"],
    },
  });
  expect(done).toMatchObject({
    survivorId: both.survivor.id,
    absorbedId: both.absorbed.id,
    absorbedNumber: both.absorbed.number,
    state: "moving",
    counts: shown.plan.counts,
    createdBy: administrator.meta.actor?.id,
  });
  expect(survivor).toEqual({
    ...both.survivor,
    ...{ subject: "Router", caseTypeId: "claim", interactionCount: 5, unreadCount: 4 },
    ...{ lastInteraction: both.absorbed.lastInteraction, lastCustomerUpdateAt: at(5) },
    absorbed: [{ id: both.absorbed.id, number: both.absorbed.number }],
    ...{ version: 2, updatedAt: expect.any(Date), updatedBy: administrator.meta.actor?.id },
  });
  expect(await get(both.survivor.id)).toEqual(survivor);
  const gone = await table.native().findOne({ _id: both.absorbed.id });
  expect(gone).toMatchObject({
    ...{ status: "closed", mergedInto: both.survivor.id, closedAt: expect.any(Date), version: 2 },
  });
  expect(gone).toMatchObject({ line: expect.stringMatching(/^closed\|/u), active: false });
});

test("F115, D18: both tell of the merge, each with what changed of it", async () => {
  const { pair, merge } = await startMerging();
  const both = await pair({ interactionCount: 2 }, { interactionCount: 1 });

  const { merge: done } = await merge(both);

  const data = {
    ...{ mergeId: done.id, survivorId: both.survivor.id, absorbedId: both.absorbed.id },
    ...{ survivorNumber: both.survivor.number, survivorCount: 2, absorbedCount: 1 },
  };
  const told = [
    ...(await announced("cases", "cases.merged")),
    ...(await announced("cases", "cases.absorbed")),
  ].filter((event) => event.data.mergeId === done.id);
  expect(told).toMatchObject([
    { data: { ...data, id: both.survivor.id }, changes: [{ field: "absorbed", old: null }] },
    {
      data: { ...data, id: both.absorbed.id },
      changes: expect.arrayContaining([
        { field: "status", old: "open", new: "closed" },
        { field: "mergedInto", old: null, new: both.survivor.id },
      ]),
    },
  ]);
});

test("F096: the survivor may be the other one, named alone", async () => {
  const { pair, bus } = await startMerging();
  const { survivor: own, absorbed: other } = await pair();

  const merged = await bus.call(
    "cases.merge",
    { id: own.id, survivorCaseId: String(other.number) },
    administrator,
  );

  expect(merged.survivor).toMatchObject({ id: other.id, absorbed: [{ id: own.id }] });
});

test("D03, B02: an old number leads on through any chain, and search finds the survivor by it", async () => {
  const { pair, merge, get, bus } = await startMerging();
  const first = await pair();
  await joined((await merge(first)).merge.id);
  const [top] = await keep(aCase({ campaignId: first.survivor.campaignId, status: "open" }));
  const second = { survivor: top!, absorbed: await get(first.survivor.id) };
  await merge(second);

  for (const { id, number } of [first.absorbed, first.survivor]) {
    for (const name of [id, String(number)]) {
      await expect(get(name)).rejects.toMatchObject({
        code: 308,
        type: "MOVED",
        data: { what: "case", id: name, survivorId: top!.id },
      });
    }
    const found = await bus.call("cases.list", { q: `#${String(number)}` }, administrator);
    expect(found.items.map((one) => one.id)).toEqual([top!.id]);
    expect(await bus.call("cases.access", { id }, administrator)).toMatchObject({
      id: top!.id,
      formerIds: [first.survivor.id, first.absorbed.id],
    });
  }
  const { items } = await bus.call("cases.listMerges", { id: top!.id }, administrator);
  expect(items.map(({ absorbed }) => absorbed.number)).toEqual([
    first.survivor.number,
    first.absorbed.number,
  ]);
});

test("D03, G04: who does not see the survivor is not told where a number leads", async () => {
  const { pair, merge, get, world } = await startMerging();
  const both = await pair();
  await merge(both);
  const agent = as("agent");

  await expect(get(String(both.absorbed.number), agent)).rejects.toMatchObject({ code: 404 });

  const scope = { as: "agent" as const, channelIds: [], showOtherCampaigns: false };
  world.scopes = [{ ...scope, campaignId: both.survivor.campaignId, agentsSeeAllCases: true }];
  await expect(get(String(both.absorbed.number), agent)).rejects.toMatchObject({ code: 308 });
});

test("F109, F077: who is in the absorbed case has left it", async () => {
  const { pair, merge, bus } = await startMerging();
  const both = await pair();
  const inside = as("administrator", { sessionId: newId() });
  await bus.call("cases.enter", { id: both.absorbed.id }, inside);
  const absorbed = await bus.call("cases.get", { id: both.absorbed.id }, administrator);

  await merge({ ...both, absorbed });

  const left = (await announced("cases", "cases.left")).filter(
    ({ data }) => data.id === absorbed.id,
  );
  expect(left).toMatchObject([{ data: { because: "closed", entered: [] } }]);
});

test("P7, F138: while it is put together, the conversation is asked for with what it is made of", async () => {
  const { pair, merge, bus, world } = await startMerging();
  const both = await pair({ interactionCount: 2 }, { interactionCount: 3 });
  const { id } = both.survivor;
  const { merge: done } = await merge(both);

  await bus.call("cases.conversation", { id }, administrator);
  await joined(done.id);
  await bus.call("cases.conversation", { id, cursor: "m1-WzFd" }, administrator);
  const stale = bus.call("cases.conversation", { id, cursor: "WzFd" }, administrator);

  await expect(stale).rejects.toMatchObject({ code: 422, type: "VALIDATION_ERROR" });
  expect(world.conversations).toEqual([
    {
      caseId: id,
      joining: {
        ...{ absorbedId: both.absorbed.id, survivorNumber: both.survivor.number },
        ...{ survivorCount: 2, absorbedCount: 3 },
      },
    },
    { caseId: id },
  ]);
});

test("F093, B01: the same command again is answered as before, and another merge of it is refused", async () => {
  const { pair, merge } = await startMerging();
  const both = await pair();
  const command = { meta: { ...administrator.meta, commandId: newId() } };

  const first = await merge(both, {}, command);

  expect(await merge(both, {}, command)).toEqual(first);
  await expect(merge(both)).rejects.toMatchObject({ code: 308, type: "MOVED" });
});
