/** Notes: what one says, who may change it, who may take it away (F182-F184, D16). Pure. */
import type { Note } from "#shared/contracts/cases/notes.ts";
import type { Change } from "#shared/contracts/common.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import { conflict, invalidField, notFound, notYours, stale } from "#shared/errors.ts";

/** What one case may carry. */
export const mostNotes = 2_000;

/** When something was done, and by whom. */
interface Stamp {
  at: Date;
  by: string;
}

/** @throws 409 TOO_MANY_NOTES */
export function requireRoom(count: number): void {
  if (count < mostNotes) return;
  throw conflict("TOO_MANY_NOTES", "There are too many notes on this case", { limit: mostNotes });
}

/** A new note. @throws 422 VALIDATION_ERROR at `text` */
export function written(
  id: string,
  { caseId, text, color }: Pick<Note, "caseId" | "text" | "color">,
  { at, by }: Stamp,
): Note {
  requireReadable(text);
  const trail = { version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  return { id, caseId, text, color: color.toLowerCase(), ...trail };
}

/**
 * A note after its author changed it; without a difference it is `current` itself.
 * @throws 404 where it was deleted; 403 FORBIDDEN; 409 CONTENT_REMOVED where what it said is erased;
 *   412 STALE_VERSION; 422 at `text`
 */
export function changed(
  current: Note,
  version: number,
  said: { text?: string | undefined; color?: string | undefined },
  { at, by }: Stamp,
): Note {
  requireChangeable(current, version, by);
  if (said.text !== undefined) requireReadable(said.text);
  const text = said.text ?? current.text;
  const color = (said.color ?? current.color).toLowerCase();
  if (text === current.text && color === current.color) return current;
  return { ...current, text, color, version: version + 1, updatedAt: at, updatedBy: by };
}

function requireChangeable(current: Note, version: number, by: string): void {
  requireThere(current);
  if (current.createdBy !== by) throw notYours("Only who wrote a note may change it");
  if (current.erasedAt) throw conflict("CONTENT_REMOVED", "What the note said is gone for good");
  if (current.version !== version) throw stale("note", current.id, current.version);
}

/** @throws 404 NOT_FOUND for a note that was deleted */
export function requireThere({ id, deletedAt }: Note): void {
  if (deletedAt) throw notFound("note", id);
}

/**
 * A note that somebody takes away: it stays as a tombstone (D16); `current` itself where it is one.
 * @param isOver whether they supervise the campaign, or administrate
 * @throws 403 FORBIDDEN
 */
export function deleted(current: Note, isOver: boolean, { at, by }: Stamp): Note {
  if (current.deletedAt) return current;
  if (!isOver && current.createdBy !== by) {
    throw notYours("Only who wrote a note, supervisors and administrators may delete it");
  }
  const burial = { deletedAt: at, deletedBy: by };
  return { ...current, ...burial, version: current.version + 1, updatedAt: at, updatedBy: by };
}

function requireReadable(text: string): void {
  if (text.trim() === "") throw invalidField("text", "must say something", "blank");
}

/** What of a note is told (D18): of its text only that it changed, not even to the change log (F185). */
export const changesOf = (before: Note | undefined, after: Note): Change[] =>
  changesBetween(before ?? {}, after)
    .filter(({ field }) => field !== "caseId" && field !== "deletedBy")
    .map((change) =>
      change.field === "text" ? { field: change.field, personal: true as const } : change,
    );
