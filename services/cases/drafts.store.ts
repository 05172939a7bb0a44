/** Where drafts are kept, one of each kind for a user and a case (B12). */
import type { ClientSession } from "mongodb";
import { Draft, type DraftKind } from "#shared/contracts/cases/drafts.ts";
import { newId } from "#shared/ids.ts";
import { id, optional, type Received } from "#shared/fields.ts";
import { collection, isDuplicate, type Kept } from "#shared/mongo/store.ts";

/**
 * A draft with whose it is. One that was sent, saved or cleared keeps its version without its
 * content, so that a machine that still shows the old one cannot bring it back.
 */
export type KeptDraft = Received<typeof KeptDraft>;
const KeptDraft = { ...Draft, id, userId: id, content: optional(Draft.content) };

export const drafts = collection("cases", "drafts", KeptDraft, [
  { key: { caseId: 1, userId: 1, kind: 1 }, unique: true },
  { key: { caseId: 1, _id: -1 } },
  { key: { userId: 1 } },
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]);

/** Whose draft, on which case, of what. */
export interface Place {
  userId: string;
  caseId: string;
  kind: DraftKind;
}

/** What a user is writing, or the version that is left of it; nothing once it has expired. */
export async function find(place: Place, now: Date): Promise<Kept<KeptDraft> | undefined> {
  const kept = await drafts.native().findOne({ ...place });
  return kept && kept.expiresAt > now ? kept : undefined;
}

/** How many drafts a user has, counted up to `most`. */
export const count = (userId: string, most: number): Promise<number> =>
  drafts.native().countDocuments({ userId }, { limit: most });

interface Content {
  content: string;
  at: Date;
  expiresAt: Date;
}

/** Keeps a first draft; undefined where another machine was faster. */
export async function insert(
  place: Place,
  { content, at, expiresAt }: Content,
): Promise<Kept<KeptDraft> | undefined> {
  const times = { createdAt: at, updatedAt: at, expiresAt };
  const draft = { _id: newId(), ...place, content, version: 1, ...times };
  await drafts.native().deleteOne({ ...place, expiresAt: { $lte: at } }); // where it was not swept yet
  try {
    await drafts.native().insertOne(draft);
    return draft;
  } catch (error) {
    if (isDuplicate(error)) return undefined;
    throw error;
  }
}

/** Keeps a draft over one of that version; undefined where it has another one meanwhile. */
export async function replace(
  { _id, version, content: former }: Kept<KeptDraft>,
  { content, at, expiresAt }: Content,
): Promise<Kept<KeptDraft> | undefined> {
  const set = { content, updatedAt: at, expiresAt, ...(former === undefined && { createdAt: at }) };
  const replaced = await drafts
    .native()
    .findOneAndUpdate(
      { _id, version },
      { $set: set, $inc: { version: 1 } },
      { returnDocument: "after" },
    );
  return replaced ?? undefined;
}

/** Takes the content of a draft away, in the transaction of what became of it if there is one. */
export async function clear(place: Place, session?: ClientSession): Promise<void> {
  await drafts
    .native()
    .updateOne(
      { ...place, content: { $exists: true } },
      { $unset: { content: "" }, $set: { updatedAt: new Date() }, $inc: { version: 1 } },
      session ? { session } : {},
    );
}

/** All drafts on a case are on that one from then on; of two of a user the newer one. Twice is as once. */
export async function moveToCase(from: string, to: string, session: ClientSession): Promise<void> {
  const moving = await drafts.native().find({ caseId: from }, { session }).toArray();
  for (const draft of moving) {
    const { userId, kind } = draft;
    const there = await drafts.native().findOne({ caseId: to, userId, kind }, { session });
    const gone = there && isNewer(there, draft) ? draft : there;
    if (gone) await drafts.native().deleteOne({ _id: gone._id }, { session });
    if (gone === draft) continue;
    await drafts.native().updateOne({ _id: draft._id }, { $set: { caseId: to } }, { session });
  }
}

/** Whether a draft is the one to keep of two; one that was cleared is not. */
const isNewer = (one: Kept<KeptDraft>, other: Kept<KeptDraft>): boolean =>
  other.content === undefined || (one.content !== undefined && one.updatedAt >= other.updatedAt);

/** Removes these drafts; answers how many said something. */
export async function erase(kept: readonly Kept<KeptDraft>[]): Promise<number> {
  await drafts.native().deleteMany({ _id: { $in: kept.map(({ _id }) => _id) } });
  return kept.filter(({ content }) => content !== undefined).length;
}
