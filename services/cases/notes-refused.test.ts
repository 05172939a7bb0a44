/** Notes on cases: what is refused, and to whom (F182-F184, G04). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { aScope } from "./creation.samples.ts";
import { startNotes } from "./notes.samples.ts";
import * as store from "./notes.store.ts";
import { present } from "./presence.samples.ts";

test("G04, F125: notes of a case that is not seen are not there, of one that is only read they are refused", async () => {
  const other = await startNotes({ scope: { ...aScope("sales"), showOtherCampaigns: true } });
  const none = await startNotes({ scope: aScope("sales") });
  const who = present();

  for (const [{ bus, aKept }, code] of [
    [other, 403],
    [none, 404],
  ] as const) {
    const { id } = await aKept();
    const noteId = newId();
    for (const ask of [
      () => bus.call("cases.addNote", { id, text: "x" }, who),
      () => bus.call("cases.listNotes", { id }, who),
      () => bus.call("cases.getNote", { id, noteId }, who),
      () => bus.call("cases.changeNote", { id, noteId, version: 1, text: "x" }, who),
      () => bus.call("cases.deleteNote", { id, noteId }, who),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code });
    }
  }
});

test("a note that is not on this case is not there, whatever case it is on", async () => {
  const { bus, aKept, add, remove } = await startNotes();
  const who = present();
  const [{ id }, other] = [await aKept(), await aKept()];
  const { id: noteId } = await add(other.id, who);

  for (const ask of [
    () => bus.call("cases.getNote", { id, noteId }, who),
    () => bus.call("cases.changeNote", { id, noteId, version: 1, text: "x" }, who),
    () => remove(id, noteId, who),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 404 });
  }
});

test.each([
  ["no text", { text: "" }, "text"],
  ["blanks alone", { text: " \n " }, "text"],
  ["too much", { text: "x".repeat(10_001) }, "text"],
  ["a NUL", { text: "a\u0000b" }, "text"],
  ["a colour by name", { color: "red" }, "color"],
  ["a short colour", { color: "#fff" }, "color"],
  ["a style", { color: "#fffff;" }, "color"],
])("a note is refused by name for %s", async (_, said, path) => {
  const { aKept, add } = await startNotes();
  const { id } = await aKept();

  await expect(add(id, present(), said)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path }] },
  });
});

test("a case carries a bounded number of notes", async () => {
  const { aKept, add, remove } = await startNotes();
  const who = present();
  const { id } = await aKept();
  const note = await add(id, who);
  const { id: _id, ...rest } = note;
  const many = Array.from({ length: 1_999 }, () => ({ _id: newId(), ...rest }));
  await store.notes.native().insertMany(many);

  await expect(add(id, who)).rejects.toMatchObject({ code: 409, type: "TOO_MANY_NOTES" });
  await remove(id, note.id, who);
  await expect(add(id, who)).resolves.toMatchObject({ caseId: id });
});
