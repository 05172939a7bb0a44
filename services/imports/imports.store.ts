/** Where imports are kept. */
import type { ClientSession } from "mongodb";
import { Import } from "#shared/contracts/imports/import.ts";
import { notFound } from "#shared/errors.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { imports, type KeptImport } from "./tables.store.ts";

export async function insert(one: KeptImport, session: ClientSession): Promise<void> {
  await imports.native().insertOne(keptOf(one), { session });
}

/** How many imports of a user are being checked or run. */
export const unfinishedOf = (userId: string, session: ClientSession): Promise<number> =>
  imports.native().countDocuments({ createdBy: userId, dueAt: { $exists: true } }, { session });

/** Who reads that an import is checked, and runs it at once, finds it so in the transaction, too. */
const settled = { readConcern: { level: "majority" } } as const;

/**
 * @param campaignIds the campaigns of who asks; left out, all
 * @throws 404 NOT_FOUND, alike for one that is not there and one of another campaign
 */
export async function get(
  id: string,
  campaignIds: readonly string[] | undefined,
  session?: ClientSession,
): Promise<KeptImport> {
  const seen = campaignIds ? { campaignId: { $in: [...campaignIds] } } : {};
  const found = await imports
    .native()
    .findOne({ _id: id, ...seen }, session ? { session } : settled);
  if (!found) throw notFound("import", id);
  return entityOf<KeptImport>(found);
}

/** Newest first. */
export async function list(
  campaignIds: readonly string[] | undefined,
  paging: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<Import>> {
  const page = await findPage(imports.native(), {
    ...paging,
    filter: campaignIds ? { campaignId: { $in: [...campaignIds] } } : {},
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
  });
  return { ...page, items: page.items.map((kept) => shown(entityOf<KeptImport>(kept))) };
}

/** Some of the imports whose next step is due. */
export async function due(now: Date, limit: number): Promise<KeptImport[]> {
  const found = await imports
    .native()
    .find({ dueAt: { $lte: now } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray();
  return found.map((kept) => entityOf<KeptImport>(kept));
}

/** Another has taken this step, or somebody has changed the import: nothing was written. */
export class Overtaken extends Error {}

type Changes = Partial<Omit<KeptImport, "id" | "turn" | "cancelRequested">>;

/**
 * Keeps what became of an import by a step, or by who changed it.
 * @param without what it has no more
 * @throws Overtaken
 */
export async function advance(
  { id: _id, turn }: Pick<KeptImport, "id" | "turn">,
  changes: Changes,
  {
    session,
    without = [],
  }: { session?: ClientSession; without?: readonly (keyof KeptImport)[] } = {},
): Promise<void> {
  const gone = Object.fromEntries(without.map((name) => [name, "" as const]));
  const { matchedCount } = await imports.native().updateOne(
    { _id, turn },
    {
      $set: { ...changes, turn: turn + 1 } as Partial<Kept<KeptImport>>,
      ...(without.length > 0 ? { $unset: gone } : {}),
    },
    session ? { session } : {},
  );
  if (matchedCount === 0) throw new Overtaken();
}

/** How far a step that takes long has got; no more than a help to who waits. */
export async function note(
  { id: _id, turn }: Pick<KeptImport, "id" | "turn">,
  progress: Import["progress"],
): Promise<void> {
  const { matchedCount } = await imports.native().updateOne({ _id, turn }, { $set: { progress } });
  if (matchedCount === 0) throw new Overtaken();
}

/**
 * Asks an import to stop before its next step; one that is over stays as it is. A check gives way at
 * once, for it keeps nothing; rows that are being imported are told of first.
 */
export async function askToCancel(_id: string): Promise<void> {
  const asked = { cancelRequested: true, dueAt: new Date() };
  const before: Import["state"][] = ["checking", "checked", "refused"];
  await imports
    .native()
    .updateOne({ _id, state: { $in: before } }, { $set: asked, $inc: { turn: 1 } });
  await imports.native().updateOne({ _id, state: "running" }, { $set: asked });
}

/** What of an import others may see. */
export const shown = (kept: KeptImport): Import =>
  Object.fromEntries(
    Object.entries(kept).filter(([name]) => Object.hasOwn(Import, name)),
  ) as unknown as Import;
