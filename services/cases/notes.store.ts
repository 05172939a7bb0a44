/** Where the notes on cases are kept. */
import type { ClientSession, Filter } from "mongodb";
import { Note } from "#shared/contracts/cases/notes.ts";
import { notFound, stale } from "#shared/errors.ts";
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";

type KeptNote = Kept<Note>;

/** Ids go up with time: newest first is the last id first. */
export const notes = collection("cases", "notes", Note, [{ key: { caseId: 1, _id: -1 } }]);

/** What was deleted is there for the log alone (D16). */
const there = { deletedAt: null } as unknown as Filter<KeptNote>;

/** How many notes there are on a case, counted up to `most`. */
export const count = (caseId: string, most: number, session: ClientSession): Promise<number> =>
  notes.native().countDocuments({ caseId, ...there }, { session, limit: most });

/** Those of these cases with a note that says something, or did until it was deleted. */
export async function saying(
  caseIds: readonly string[],
  session: ClientSession,
): Promise<Set<string>> {
  const filter = { caseId: { $in: [...caseIds] }, erasedAt: null } as unknown as Filter<KeptNote>;
  return new Set(await notes.native().distinct("caseId", filter, { session }));
}

export async function insert(note: Note, session: ClientSession): Promise<void> {
  await notes.native().insertOne(keptOf(note), { session });
}

/** The notes on a case, newest first. */
export async function list(
  caseId: string,
  paging: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<Note>> {
  const filter = { caseId, ...there };
  const page = await findPage(notes.native(), { filter, sort: [["_id", -1]], ...paging });
  return { ...page, items: page.items.map((kept) => entityOf<Note>(kept)) };
}

/**
 * A note, or what stays of one that was deleted.
 * @throws 404 NOT_FOUND, also for one on another case
 */
export async function get(caseId: string, id: string, session?: ClientSession): Promise<Note> {
  const options = session ? { session } : {};
  const kept = await notes.native().findOne({ _id: id, caseId }, options);
  if (!kept) throw notFound("note", id);
  return entityOf<Note>(kept);
}

/**
 * Keeps a note in place of the version before it.
 * @throws 412 STALE_VERSION
 */
export async function replace(note: Note, session: ClientSession): Promise<void> {
  const { _id, ...rest } = keptOf(note);
  const former = { _id, version: note.version - 1 };
  const { matchedCount } = await notes.native().replaceOne(former, rest, { session });
  if (matchedCount === 0) throw stale("note", note.id, note.version);
}

/** All notes on a case are on that one from then on; their versions stay. Twice is as once. */
export async function moveToCase(from: string, to: string, session: ClientSession): Promise<void> {
  await notes.native().updateMany({ caseId: from }, { $set: { caseId: to } }, { session });
}

/** Leaves of these notes what is not personal; answers how many said something. */
export const erase = (kept: readonly KeptNote[]): Promise<number> =>
  erasePersonal(notes, Note, kept);
