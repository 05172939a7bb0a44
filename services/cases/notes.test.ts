/** Notes on cases: who adds, reads, changes and deletes them (F182-F184). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { standIn } from "#shared/testing/bus.ts";
import { startNotes } from "./notes.samples.ts";
import * as store from "./notes.store.ts";
import { idOf, present } from "./presence.samples.ts";

test("F182-F184: whoever sees a case adds notes of a colour, by number, too; they are listed newest first", async () => {
  const names = new Map<string, string>();
  const identity = standIn("identity", {
    namesOf: ({ params: { ids } }) =>
      ids.flatMap((id) => {
        const name = names.get(id);
        return name ? [{ id, name, role: "agent" as const, disabled: false }] : [];
      }),
  });
  const { bus, aKept, add, list } = await startNotes({ others: [identity] });
  const [ada, bo] = [present(), present()];
  names.set(idOf(ada), "Ada");
  const { id, number } = await aKept({ status: "open" });

  const first = await add(id, ada, { text: "One\nTwo", color: "#A1B2C3" });
  const second = await bus.call("cases.addNote", { id: String(number), text: "Three" }, bo);
  const all = await list(id, bo);
  const read = await bus.call("cases.getNote", { id, noteId: first.id }, bo);

  expect(first).toMatchObject({ caseId: id, text: "One\nTwo", color: "#a1b2c3", version: 1 });
  expect(first).toMatchObject({ createdBy: idOf(ada), updatedBy: idOf(ada) });
  expect(second.color).toBe("#fff3bf");
  expect(all.items).toEqual([second, { ...first, createdByName: "Ada" }]);
  expect(read).toEqual({ ...first, createdByName: "Ada" });
});

test("F183: the list goes on by cursor, counts when asked to, and knows no other case's notes", async () => {
  const { aKept, add, list } = await startNotes();
  const who = present();
  const [{ id }, other] = [await aKept(), await aKept()];
  for (let count = 0; count < 3; count += 1) await add(id, who, { text: `Note ${count}` });
  await add(other.id, who);

  const first = await list(id, who, { limit: 2, count: true });
  const rest = await list(id, who, { limit: 2, cursor: first.nextCursor });

  expect(first.total).toBe(3);
  expect([...first.items, ...rest.items].map(({ text }) => text)).toEqual([
    "Note 2",
    "Note 1",
    "Note 0",
  ]);
  expect(rest.nextCursor).toBeNull();
});

test("G01: a note opens a new case; one on another leaves it as it was", async () => {
  const { bus, aKept, add } = await startNotes();
  const who = present();
  const [fresh, moved] = [await aKept(), await aKept({ status: "transferred" })];

  await add(fresh.id, who);
  await add(moved.id, who);

  const read = (id: string) => bus.call("cases.get", { id }, who);
  expect(await read(fresh.id)).toMatchObject({ status: "open", version: 2 });
  expect(await read(moved.id)).toMatchObject({ status: "transferred", version: 1 });
});

test("D04: on a closed case notes are added, changed and deleted", async () => {
  const { bus, aKept, add, remove, list } = await startNotes();
  const who = present();
  const { id } = await aKept({ status: "closed" });

  const note = await add(id, who);
  const asked = { id, noteId: note.id, version: 1, text: "Called back" };
  await bus.call("cases.changeNote", asked, who);
  expect((await list(id, who)).items).toMatchObject([{ text: "Called back" }]);
  await remove(id, note.id, who);

  expect((await list(id, who)).items).toEqual([]);
  expect(await bus.call("cases.get", { id }, who)).toMatchObject({ status: "closed", version: 1 });
});

test("F183, F184: the author changes text and colour, of the version that was read", async () => {
  const { bus, aKept, add } = await startNotes();
  const who = present();
  const { id } = await aKept();
  const { id: noteId } = await add(id, who);
  const change = (said: object, version: number, by = who) =>
    bus.call("cases.changeNote", { id, noteId, version, ...said }, by);

  const after = await change({ text: "Calls at one", color: "#000000" }, 1);
  const same = await change({ text: "Calls at one" }, 2);

  expect(after).toMatchObject({ text: "Calls at one", color: "#000000", version: 2 });
  expect(same).toEqual(after);
  await expect(change({ text: "Late" }, 1)).rejects.toMatchObject({ code: 412 });
  for (const role of ["agent", "supervisor", "administrator"] as const) {
    const other = change({ text: "Mine" }, 2, present(role));
    await expect(other).rejects.toMatchObject({ code: role === "supervisor" ? 404 : 403 });
  }
});

test.each([
  ["its author", "agent", true, "agent"],
  ["another agent", "agent", false, "agent"],
  ["a supervisor of the campaign", "supervisor", true, "supervisor"],
  ["an administrator", "administrator", true, "agent"],
] as const)("F183, D16: a note is deleted, or not, by %s", async (who, role, may, scope) => {
  const { bus, aKept, list, remove } = await startNotes({ scope: { as: scope } });
  const author = who === "its author" ? present() : present(role);
  const { id } = await aKept();
  const by = who === "its author" ? author : present(role);
  const writer = who === "its author" ? author : present(scope);
  const note = await bus.call("cases.addNote", { id, text: "Calls back" }, writer);

  const deleting = remove(id, note.id, by);

  if (!may) {
    await expect(deleting).rejects.toMatchObject({ code: 403, type: "FORBIDDEN" });
    expect((await list(id, by)).items).toHaveLength(1);
    return;
  }
  await deleting;
  await remove(id, note.id, by);
  expect((await list(id, by)).items).toEqual([]);
  for (const ask of [
    () => bus.call("cases.getNote", { id, noteId: note.id }, by),
    () => bus.call("cases.changeNote", { id, noteId: note.id, version: 2, text: "x" }, by),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 404 });
  }
  expect(await store.get(id, note.id)).toMatchObject({
    text: "Calls back",
    deletedAt: expect.any(Date),
    deletedBy: idOf(by),
    version: 2,
  });
});

test("B01: a note that is sent again with its key is there once", async () => {
  const { bus, aKept, list } = await startNotes();
  const { meta } = present();
  const { id } = await aKept();
  const again = { meta: { ...meta, commandId: newId() } };

  const [first, second] = [
    await bus.call("cases.addNote", { id, text: "Once" }, again),
    await bus.call("cases.addNote", { id, text: "Once" }, again),
  ];

  expect(second).toEqual(first);
  expect((await list(id, { meta })).items).toHaveLength(1);
});
