/** Where secret links to agendas are kept: the digests of their secrets only. */
import type { ClientSession } from "mongodb";
import { AgendaLink } from "#shared/contracts/cases/agenda.ts";
import { text, whole, type Received } from "#shared/fields.ts";
import { collection, entityOf, keptOf } from "#shared/mongo/store.ts";

type KeptLink = Received<typeof KeptLink>;
const KeptLink = {
  ...AgendaLink,
  digest: text(64),
  /** Each user has five places: two who make a link at once cannot both take the last one. */
  place: whole(1, 5),
};

const links = collection("cases", "agendaLinks", KeptLink, [
  { key: { digest: 1 }, unique: true },
  { key: { userId: 1, place: 1 }, unique: true },
]);

export async function ofUser(userId: string, session?: ClientSession): Promise<KeptLink[]> {
  const rows = await links
    .native()
    .find({ userId }, session ? { session } : {})
    .toArray();
  return rows.map((row) => entityOf<KeptLink>(row)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export async function findByDigest(digest: string): Promise<AgendaLink | undefined> {
  const row = await links.native().findOne({ digest });
  return row ? entityOf<KeptLink>(row) : undefined;
}

export const add = (link: KeptLink, session: ClientSession) =>
  links.native().insertOne(keptOf(link), { session });

/** Removes a link of a user; answers whether it was there. */
export async function remove(id: string, userId: string, session: ClientSession) {
  const { deletedCount } = await links.native().deleteOne({ _id: id, userId }, { session });
  return deletedCount > 0;
}
