/** Where merges of cases are kept, and how far each has come (P7). */
import type { ClientSession } from "mongodb";
import { CaseMerge, type Joining } from "#shared/contracts/cases/merge.ts";
import { conflict } from "#shared/errors.ts";
import { id, list, text, whole, type Received } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { cases } from "./tables.store.ts";

/** Who has to carry the survivor's id; each says when it does. */
export type Follower = "interactions" | "files" | "customers";

/** A merge with what the services that follow it are told. */
export type KeptMerge = Received<typeof KeptMerge>;
const KeptMerge = {
  ...CaseMerge,
  /** Both cases. */
  parties: list(id, 2),
  /** The case that stands for both now, however often it was merged since. */
  into: id,
  survivorNumber: whole(1, Number.MAX_SAFE_INTEGER),
  survivorCount: whole(0, 1_000_000_000),
  absorbedCount: whole(0, 1_000_000_000),
  waiting: list(text(20), 3),
};

const merges = collection("cases", "merges", KeptMerge, [
  { key: { into: 1, _id: -1 } },
  { key: { parties: 1 }, partialFilterExpression: { state: "moving" } },
]);

function mergeOf(kept: Kept<KeptMerge>): CaseMerge {
  const { parties: _parties, into: _into, waiting: _waiting, ...others } = kept;
  const { survivorNumber: _number, survivorCount: _own, absorbedCount: _their, ...merge } = others;
  return entityOf<CaseMerge>(merge);
}

/** Merges of these cases whose conversations are not put together yet. */
const underWay = (ids: readonly string[]) => ({
  parties: { $in: [...ids] },
  state: "moving" as const,
  waiting: "interactions",
});

/** @throws 409 MERGE_UNDER_WAY where one of the cases is still being put together with another */
export async function requireSettled(ids: readonly string[], session: ClientSession) {
  if ((await merges.native().countDocuments(underWay(ids), { session })) === 0) return;
  throw conflict("MERGE_UNDER_WAY", "One of the cases is being merged; try again in a moment");
}

/** Keeps a merge; who was merged into the absorbed case before leads to the survivor (D03). */
export async function keep(
  merge: KeptMerge,
  formerIds: readonly string[],
  session: ClientSession,
): Promise<void> {
  const { absorbedId, into } = merge;
  await merges.native().updateMany({ into: absorbedId }, { $set: { into } }, { session });
  await cases
    .native()
    .updateMany({ _id: { $in: [...formerIds] } }, { $set: { mergedInto: into } }, { session });
  await merges.native().insertOne(keptOf<KeptMerge>(merge), { session });
}

/** What its conversation is being put together from, where a case is being merged. */
export async function joiningOf(survivorId: string): Promise<Joining | undefined> {
  const found = await merges.native().findOne({ ...underWay([survivorId]), survivorId });
  if (!found) return undefined;
  const { absorbedId, survivorNumber, survivorCount, absorbedCount } = found;
  return { absorbedId, survivorNumber, survivorCount, absorbedCount };
}

export async function find(mergeId: string): Promise<CaseMerge | undefined> {
  const found = await merges.native().findOne({ _id: mergeId });
  return found ? mergeOf(found) : undefined;
}

/** The merges that led to a case, newest first. */
export async function listInto(
  survivorId: string,
  paging: { limit: number; cursor?: string; count?: boolean },
): Promise<Page<CaseMerge>> {
  const page = await findPage(merges.native(), {
    filter: { into: survivorId },
    sort: [["_id", -1]],
    ...paging,
  });
  return { ...page, items: page.items.map(mergeOf) };
}

/** Notes that one who follows has done so, and what is known since; once all have, it is done. */
export async function arrived(
  mergeId: string,
  follower: Follower,
  { at, known = {} }: { at: Date; known?: Record<string, unknown> },
  session: ClientSession,
): Promise<void> {
  const set = Object.keys(known).length > 0 ? { $set: known } : {};
  await merges
    .native()
    .updateOne({ _id: mergeId }, { $pull: { waiting: follower }, ...set }, { session });
  await merges
    .native()
    .updateOne(
      { _id: mergeId, state: "moving", waiting: { $size: 0 } },
      { $set: { state: "done", doneAt: at } },
      { session },
    );
}
