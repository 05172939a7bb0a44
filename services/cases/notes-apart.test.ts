/** Notes on cases: where they are not (F185), where they go with their case, and with their person. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { announced, as, standIn } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { startNotes } from "./notes.samples.ts";
import * as store from "./notes.store.ts";
import { idOf, present } from "./presence.samples.ts";

test("F185, D18: what is told of a note names it, its colour and that its text changed, never the text", async () => {
  const { bus, aKept, add, remove } = await startNotes();
  const who = present();
  const { id } = await aKept({ status: "open" });
  const canary = `canary-${newId()}`;

  const { id: noteId } = await add(id, who, { text: canary });
  await bus.call("cases.changeNote", { id, noteId, version: 1, text: `${canary} 2` }, who);
  await remove(id, noteId, who);
  await remove(id, noteId, who);

  const events = ["cases.noteAdded", "cases.noteChanged", "cases.noteDeleted"] as const;
  const told = (await Promise.all(events.map((event) => announced("cases", event))))
    .flat()
    .filter(({ aggregate }) => aggregate.id === noteId);
  expect(told).toMatchObject([
    {
      aggregate: { kind: "note", version: 1 },
      key: id,
      actor: { id: idOf(who) },
      changes: [
        { field: "text", personal: true },
        { field: "color", old: null, new: "#a1b2c3" },
      ],
      data: { id: noteId, caseId: id, campaignId: "support" },
    },
    { aggregate: { version: 2 }, changes: [{ field: "text", personal: true }] },
    { aggregate: { version: 3 }, changes: [{ field: "deletedAt", old: null }] },
  ]);
  const eventIds = told.map((event) => event.id);
  const values = await bus.call("cases.personalChanges", { eventIds });
  expect(values).toHaveLength(3);
  expect(JSON.stringify([told, values])).not.toContain(canary);
});

test("F185: no list, search or reading of cases carries a note, or finds a case by one", async () => {
  const { bus, aKept, add } = await startNotes({
    others: [standIn("customers", { identify: unmerged })],
  });
  const who = present("administrator");
  const customerId = newId();
  const { id } = await aKept({ customerId });
  const canary = `canary${newId().replaceAll("-", "")}`;
  await add(id, who, { text: canary });

  const answers = [
    await bus.call("cases.get", { id }, who),
    await bus.call("cases.list", { customerId: [customerId] }, who),
    await bus.call("cases.access", { id }, who),
    await bus.call("cases.readable", { ids: [id] }, who),
    await bus.call("cases.presence", { id }, who),
  ];
  const found = await bus.call("cases.list", { q: canary }, who);

  expect(JSON.stringify(answers)).toContain(id);
  expect(JSON.stringify(answers)).not.toContain(canary);
  expect(found.items).toEqual([]);
});

test("P7: the notes of a case move to another, twice as once", async () => {
  const { aKept, add, list } = await startNotes();
  const who = present();
  const [from, to] = [await aKept(), await aKept()];
  const [moving, staying] = [await add(from.id, who), await add(to.id, who)];

  for (let count = 0; count < 2; count += 1) {
    await transaction("cases", (session) => store.moveToCase(from.id, to.id, session));
  }

  expect((await list(from.id, who)).items).toEqual([]);
  expect((await list(to.id, who)).items).toEqual([staying, { ...moving, caseId: to.id }]);
});

test("B08: a person is shown the notes on the own cases, and they are erased with the person", async () => {
  const { bus, aKept, add, list } = await startNotes();
  const who = as("administrator");
  const customerId = newId();
  const kept = [await aKept({ customerId }), await aKept({ customerId })];
  const other = await aKept();
  const canary = `canary-${newId()}`;
  for (const { id } of kept) {
    for (let count = 0; count < 15; count += 1) await add(id, who, { text: canary });
  }
  await add(other.id, who, { text: "of somebody else" });
  const subject = { customerIds: [customerId], addresses: [] };
  const all = async <A extends "cases.personalData" | "cases.erasePersonalData">(action: A) => {
    const pages = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const asked = { subject, ...(cursor ? { cursor } : {}) };
      const page = await bus.call<A>(action, asked as never);
      pages.push(page);
      ({ nextCursor: cursor } = page as { nextCursor: string | null });
    }
    return pages as { kind: string; items?: { id: string }[]; ids?: string[]; changed?: number }[];
  };

  const shown = (await all("cases.personalData")).filter(({ kind }) => kind === "note");
  const erased = (await all("cases.erasePersonalData")).filter(({ kind }) => kind === "note");
  const again = (await all("cases.erasePersonalData")).filter(({ kind }) => kind === "note");

  const ids = new Set(shown.flatMap(({ items = [] }) => items.map(({ id }) => id)));
  expect(ids.size).toBe(30);
  expect(JSON.stringify(shown).match(new RegExp(canary, "g"))).toHaveLength(30);
  expect(erased.reduce((sum, { changed = 0 }) => sum + changed, 0)).toBe(30);
  expect(again.reduce((sum, { changed = 0 }) => sum + changed, 0)).toBe(0);
  for (const { id } of kept) {
    const { items } = await list(id, who);
    expect(items).toHaveLength(15);
    expect(items.every(({ text, erasedAt }) => text === "" && erasedAt)).toBe(true);
  }
  expect((await list(other.id, who)).items).toMatchObject([{ text: "of somebody else" }]);
});
