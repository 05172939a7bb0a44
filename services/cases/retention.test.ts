/** Retention: the content of closed cases goes with the time, what counts the work stays (B08). */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { administrator, daysAgo, start, toldOf } from "./retention.samples.ts";
import * as store from "./cases.store.ts";
import { keepAll, saidAbout } from "./retention-content.samples.ts";

test("B08: a run takes away what was said in cases closed long enough ago, and leaves what counts", async () => {
  const { aClosed, ended, read } = await start();
  const canary = `canary${newId().replaceAll("-", "")}`;
  const said: Partial<Case> = {
    ...{ subject: canary, description: canary, from: canary, handoverReason: canary },
    lastInteraction: {
      ...{ id: "i", channelId: "c", direction: "inbound", preview: canary, at: daysAgo(40) },
    },
    ...{ customerName: "Ada", customerDocument: "CC 1", interactionCount: 3, disposition: "Sold" },
  };
  const { id, number } = await aClosed(31, said);
  await keepAll(id, canary);

  const run = await ended();

  const kase = await read(id);
  expect(kase).toMatchObject({
    ...{ number, status: "closed", description: "", interactionCount: 3, disposition: "Sold" },
    ...{ customerName: "Ada", customerDocument: "CC 1", version: 2 },
    contentRemovedAt: expect.any(Date),
  });
  for (const gone of ["subject", "from", "handoverReason"]) expect(kase).not.toHaveProperty(gone);
  expect(await saidAbout(id)).not.toContain(canary);
  expect(run).toMatchObject({ state: "done", found: 1, spared: 0, createdBy: expect.any(String) });
  expect(Object.fromEntries(run.report.map(({ kind, found }) => [kind, found]))).toMatchObject({
    ...{ case: 1, activity: 1, note: 2, draft: 1, tabValues: 1 },
  });
  expect(await toldOf(id)).toMatchObject([
    {
      actor: { kind: "system" },
      aggregate: { kind: "case", version: 2 },
      changes: [{ field: "contentRemovedAt", old: null }],
    },
  ]);
});

test("B08: younger and open cases, and those of other campaigns, stay as they are", async () => {
  const { aClosed, ended, read } = await start();
  const others = await Promise.all([
    aClosed(29, { description: "Young" }),
    aClosed(99, { description: "Elsewhere", campaignId: newId() }),
    aClosed(99, { description: "Open", status: "open", closedAt: undefined as never }),
  ]);
  await aClosed(31);

  expect(await ended()).toMatchObject({ found: 1 });

  for (const { id, description } of others) {
    expect(await store.get(id, {})).toMatchObject({ description, version: 1 });
    expect(await read(id)).not.toHaveProperty("contentRemovedAt");
  }
});

test("B08: a dry run changes nothing, and tells what the run then finds: counts, the oldest, some", async () => {
  const { aClosed, ended, read } = await start();
  const [old, older] = [await aClosed(35), await aClosed(50)];
  for (const { id } of [old, older]) await keepAll(id, "x");
  const young = await aClosed(10);

  const trial = await ended({ dryRun: true });
  const { version } = await read(old.id);
  const sooner = await ended({ dryRun: true, retentionDays: 5 });
  const run = await ended();

  expect(version).toBe(1);
  expect(trial).toMatchObject({ dryRun: true, found: 2, oldestClosedAt: older.closedAt });
  const exampleOf = ({ id, number, closedAt }: Case) => ({ id, number, closedAt });
  expect(trial.examples).toEqual([exampleOf(older), exampleOf(old)]);
  expect(sooner.examples.map(({ id }) => id)).toEqual([older.id, old.id, young.id]);
  const own = ({ report }: typeof run) =>
    report
      .filter(({ service, kind }) => service === "cases" && kind !== "trace")
      .map(({ kind, stays, found }) => ({ kind, stays, found }));
  expect(own(trial)).toEqual(own(run));
  expect(trial.report.every(({ erased }) => erased === 0)).toBe(true);
  expect(run.found).toBe(2);
});

test("B08: a run twice is as once: the second finds nothing", async () => {
  const { aClosed, ended, read } = await start();
  const { id } = await aClosed(31);

  await ended();
  const again = await ended();

  expect(again).toMatchObject({ found: 0, report: [] });
  expect(await read(id)).toMatchObject({ version: 2 });
});

test("B08: the case of a customer under legal hold is spared; lifted, it goes the next time", async () => {
  const { aClosed, ended, read, state, asked } = await start();
  const [held, other] = [await aClosed(40, { description: "Held" }), await aClosed(31)];
  state.held = [held.customerId];

  const run = await ended();

  expect(run).toMatchObject({ found: 1, spared: 1, examples: [{ id: other.id }] });
  expect(asked).toEqual([[other.id]]);
  expect(await read(held.id)).toMatchObject({ description: "Held", version: 1 });

  state.held = [];
  expect(await ended()).toMatchObject({ found: 1, spared: 0 });
  expect(await read(held.id)).toMatchObject({ description: "" });
});

test("B08: a hold that comes in the middle spares what has not gone yet", async () => {
  const holding = { now: (): unknown => undefined };
  const { aClosed, ended, read, state } = await start({
    channels: {
      removeCaseContent() {
        holding.now();
        return {
          kind: "interaction",
          stays: "x",
          ids: [],
          changed: 0,
          traces: 0,
          nextCursor: null,
        };
      },
    },
  });
  const { id, customerId } = await aClosed(31, { description: "Held" });
  holding.now = () => (state.held = [customerId]);

  const run = await ended();

  expect(run).toMatchObject({ found: 0, spared: 1 });
  expect(await read(id)).toMatchObject({ description: "Held", version: 1 });
});

test("B08, P7: a case that was merged goes with the one that it leads to, not before", async () => {
  const { aClosed, ended, asked, state } = await start();
  const survivorId = newId();
  const absorbed = await aClosed(90, { mergedInto: survivorId, description: "Absorbed" });
  const family = { absorbed: [{ id: absorbed.id, number: absorbed.number }] };
  const survivor = { id: survivorId, ...family };
  await aClosed(10, survivor);
  const gone = await aClosed(90, { mergedInto: "other", description: "Also absorbed" });
  await aClosed(40, { id: "other", absorbed: [{ id: gone.id, number: gone.number }] });
  const kept = async (id: string) => (await store.getAmong([id], {}))[0];

  state.held = [gone.customerId];
  expect(await ended()).toMatchObject({ found: 0, spared: 1 });
  state.held = [];
  expect(await ended()).toMatchObject({ found: 1 });

  expect(await kept(absorbed.id)).toMatchObject({ description: "Absorbed" });
  expect(await kept(gone.id)).toMatchObject({ description: "", mergedInto: "other" });
  expect(asked).toEqual([["other", gone.id]]);
});

test("B08, D04: nothing is added to a case whose content is gone: 409 CONTENT_REMOVED", async () => {
  const { bus, aClosed, ended, campaignId } = await start();
  const { id } = await aClosed(31);
  const note = { id, text: "Remember", color: "#a1b2c3" };
  const { id: noteId } = await bus.call("cases.addNote", note, administrator);
  await ended();

  const added = bus.call("cases.addNote", note, administrator);
  await expect(added).rejects.toMatchObject({ code: 409, type: "CONTENT_REMOVED" });
  const changing = { id, noteId, version: 1, text: "Again" };
  const changed = bus.call("cases.changeNote", changing, administrator);
  await expect(changed).rejects.toMatchObject({ code: 409, type: "CONTENT_REMOVED" });
  const { items } = await bus.call("cases.listNotes", { id }, administrator);
  expect(items).toMatchObject([{ id: noteId, text: "" }]);
  const page = await bus.call("cases.list", { campaignId: [campaignId] }, administrator);
  expect(page.items).toMatchObject([{ id, contentRemovedAt: expect.any(Date) }]);
});

test("B08: a note that is written while the content goes keeps its case until the next time", async () => {
  const { bus, aClosed, ended, read } = await start();
  const { id } = await aClosed(31, { description: "Here" });
  const note = { id, text: "Late", color: "#a1b2c3" };
  await bus.call("cases.addNote", { ...note, text: "Soon enough" }, administrator);

  const kinds: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { caseIds: [id], ...(cursor ? { cursor } : {}) };
    const page = await bus.call("cases.removeCaseContent", asked, administrator);
    if (page.kind === "activity") await bus.call("cases.addNote", note, administrator);
    kinds.push(page.kind);
    cursor = page.nextCursor;
  }

  expect(kinds).toEqual(["tabValues", "draft", "note", "activity", "case"]);
  expect(await read(id)).toMatchObject({ description: "Here", version: 1 });
  await ended();
  expect(await read(id)).toMatchObject({ description: "", contentRemovedAt: expect.any(Date) });
  expect(await saidAbout(id)).not.toContain("Late");
});

test("B08: who is over, and when, is told: an event at the start and one at the end", async () => {
  const { aClosed, ended } = await start();
  await aClosed(31);

  const { id, campaignId } = await ended();

  const of = <T extends { data: { id: string } }>(events: T[]) =>
    events.filter(({ data }) => data.id === id);
  const started = of(await announced("cases", "cases.retentionStarted"));
  const finished = of(await announced("cases", "cases.retentionFinished"));
  expect(started).toMatchObject([
    { actor: { id: administrator.meta.actor?.id }, data: { campaignId, dryRun: false } },
  ]);
  expect(finished).toMatchObject([{ data: { state: "done", found: 1, spared: 0 } }]);
});
