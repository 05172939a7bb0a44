/** Notes on a case: for those who attend to it, and nowhere else (F182-F185). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  longText,
  optional,
  personal,
  record,
  text,
  withDefault,
  word,
  type Received,
} from "../../fields.ts";
import { page, paging, trail, version } from "../common.ts";

const noteText = longText(10_000, 1);
/** As HTML has it, in lower case when it is kept. */
const color = word(/^#[0-9a-fA-F]{6}$/, 7);

/** A note as it is read; it has no number and no state. */
export type Note = Received<typeof Note>;
export const Note = {
  id,
  caseId: id,
  text: personal(longText(10_000)),
  color,
  /** When it was taken away, and by whom (D16). */
  deletedAt: optional(instant),
  deletedBy: optional(id),
  /** Since when it does not tell any more what it said (B08). */
  erasedAt: optional(instant),
  ...trail,
};

/** The name is missing where names cannot be asked for now. */
const ReadNote = { ...Note, createdByName: optional(text(120)) };

const place = { id, noteId: id };

export const noteActions = actions({
  addNote: {
    rest: "POST /cases/:id/notes",
    needs: "cases.note",
    says: "Adds a note to a case, also to a closed one (F182-F184, D04). Nobody but those who see the case ever reads it (F185).",
    params: { id, text: noteText, color: withDefault(color, "#fff3bf") },
    returns: record(Note),
  },
  listNotes: {
    rest: "GET /cases/:id/notes",
    needs: "cases.note",
    says: "The notes on a case, newest first (F183).",
    params: { id, ...paging },
    returns: page(ReadNote),
  },
  getNote: {
    rest: "GET /cases/:id/notes/:noteId",
    needs: "cases.note",
    says: "One note on a case.",
    params: place,
    returns: record(ReadNote),
  },
  changeNote: {
    rest: "PATCH /cases/:id/notes/:noteId",
    needs: "cases.note",
    guarded: "required",
    says: "Changes what a note says, or its colour; only who wrote it may (F183, F184).",
    params: { ...place, version, text: optional(noteText), color: optional(color) },
    returns: record(Note),
  },
  deleteNote: {
    rest: "DELETE /cases/:id/notes/:noteId",
    needs: "cases.note",
    status: 204,
    says: "Takes a note away: its author, supervisors of the campaign and administrators may (F183, D16). Again is as once.",
    params: place,
  },
});

/** What a note says never travels: not even to the change log (F185). */
const told = { id, caseId: id, campaignId: id };

export const noteEvents = { noteAdded: told, noteChanged: told, noteDeleted: told };
