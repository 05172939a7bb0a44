/** Where the block list is kept (F025). */
import type { ClientSession } from "mongodb";
import { conflict, notFound } from "#shared/errors.ts";
import { findPage } from "#shared/mongo/pages.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { blocked, formerlyBlocked, type KeptBlocked } from "./tables.store.ts";

export type Blocked = Omit<KeptBlocked, "key">;

/** Those of the keys that are blocked. */
export async function blockedAmong(keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const found = await blocked
    .native()
    .find({ key: { $in: keys } })
    .project<{ key: string }>({ _id: 0, key: 1 })
    .toArray();
  return new Set(found.map(({ key }) => key));
}

/** @throws 409 ALREADY_BLOCKED with `existingId` */
export async function insert(entry: KeptBlocked, session: ClientSession): Promise<Blocked> {
  const there = await blocked.native().findOne({ key: entry.key }, { session });
  if (there) {
    throw conflict("ALREADY_BLOCKED", "This address is blocked already", {
      existingId: there._id,
    });
  }
  await blocked.native().insertOne(keptOf(entry), { session });
  return withoutKey(keptOf(entry));
}

/** @throws 404 NOT_FOUND */
export async function remove(id: string, session: ClientSession): Promise<Blocked> {
  const gone = await blocked.native().findOneAndDelete({ _id: id }, { session });
  if (!gone) throw notFound("blocked address", id);
  await formerlyBlocked.native().insertOne({ _id: id, key: gone.key }, { session });
  return withoutKey(gone);
}

/**
 * Takes the address of a contact point off the list, whoever put it there.
 * @throws 404 NOT_FOUND where it is not blocked
 */
export async function removeByKey(
  key: string | undefined,
  contactPointId: string,
  session: ClientSession,
): Promise<Blocked> {
  const gone = key && (await blocked.native().findOneAndDelete({ key }, { session }));
  if (!gone) throw notFound("blocked address", contactPointId);
  await formerlyBlocked.native().insertOne({ _id: gone._id, key: gone.key }, { session });
  return withoutKey(gone);
}

/** @throws 422 at `cursor` for a cursor of another list */
export async function list(paging: { limit: number; cursor?: string; count?: boolean }) {
  const page = await findPage(blocked.native(), {
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
    ...paging,
  });
  return { ...page, items: page.items.map(withoutKey) };
}

function withoutKey({ key: _key, ...kept }: Kept<KeptBlocked>): Blocked {
  return entityOf<Blocked>(kept);
}
