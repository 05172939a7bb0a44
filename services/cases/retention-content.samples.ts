/** What hangs on a case, for tests of what becomes of it. */
import { newId } from "#shared/ids.ts";
import { keptOf, type Kept } from "#shared/mongo/store.ts";
import type { Activity } from "#shared/contracts/cases/activities.ts";
import type { Note } from "#shared/contracts/cases/notes.ts";
import { activities } from "./activities.store.ts";
import { drafts } from "./drafts.store.ts";
import { notes } from "./notes.store.ts";
import { cases } from "./tables.store.ts";
import { tabValues } from "./tabs.store.ts";

const at = new Date("2026-01-01");
const trail = { version: 1, createdAt: at, createdBy: "ada", updatedAt: at, updatedBy: "ada" };

/** Keeps one of each kind on a case, and a note that was deleted, all of them with this word. */
export async function keepAll(caseId: string, word: string): Promise<void> {
  const aNote = (): Note => ({ id: newId(), caseId, text: word, color: "#a1b2c3", ...trail });
  const deleted = { ...aNote(), deletedAt: at, deletedBy: "ada" };
  await notes.native().insertMany([keptOf<Note>(aNote()), keptOf<Note>(deleted)]);
  const activity = { _id: newId(), caseId, answers: { observations: word }, ...trail };
  await activities.native().insertOne(activity as unknown as Kept<Activity>);
  const place = { caseId, userId: "ada", kind: "message" as const };
  const draft = { _id: newId(), ...place, content: word, ...trail };
  const expiresAt = new Date(Date.now() + 86_400_000);
  await drafts.native().insertOne({ ...draft, expiresAt });
  const values = { _id: newId(), caseId, tabId: newId(), values: { field: word }, ...trail };
  await tabValues.native().insertOne(values);
}

/** Everything that is kept of a case, as text. */
export async function saidAbout(caseId: string): Promise<string> {
  const hanging = [notes, activities, drafts, tabValues].map((table) =>
    table
      .native()
      .find({ caseId } as never)
      .toArray(),
  );
  const itself = cases.native().find({ _id: caseId }).toArray();
  return JSON.stringify(await Promise.all([...hanging, itself]));
}
