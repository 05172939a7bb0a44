/** Notes, drafts, and who attends to a case, to be held against their description. */
import { ifMatch, type Asking } from "./asking.ts";

/** Asks all of it about a case. */
export async function askOfNotes({ ask }: Pick<Asking, "ask">, id: string): Promise<void> {
  const path = { id };
  const note = await ask("cases.addNote", { path, body: { text: "Calls back" } });
  const notePath = { id, noteId: note.id };
  await ask("cases.listNotes", { path, query: "?count=true" });
  await ask("cases.getNote", { path: notePath });
  const body = { color: "#abcdef" };
  await ask("cases.changeNote", { path: notePath, body, headers: ifMatch(note) });
  await ask("cases.deleteNote", { path: notePath });

  const draftPath = { id, kind: "message" };
  const draft = await ask("cases.saveDraft", { path: draftPath, body: { content: "Dear" } });
  const next = { body: { content: "Dear Ada" }, headers: ifMatch(draft) };
  await ask("cases.saveDraft", { path: draftPath, ...next });
  await ask("cases.getDraft", { path: draftPath });
  await ask("cases.clearDraft", { path: draftPath });
  await ask("cases.noteTyping", { path, body: { what: "note" } });
  await ask("cases.stopTyping", { path });
}
