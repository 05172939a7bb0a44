/** A conversation that is read while it is being put together: whole, whatever has moved (P7). */
import type { Joining } from "#shared/contracts/cases/merge.ts";
import { decodeCursor, encodeCursor } from "#shared/cursor.ts";
import { entityOf } from "#shared/mongo/store.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import type { Page } from "#shared/mongo/pages.ts";
import type { ClientSession } from "mongodb";
import { bothOf, wasMoved } from "./case-moves.store.ts";
import { joinedOrder } from "./joining.rules.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

interface Asked {
  caseId: string;
  channelId?: string | undefined;
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

interface Place {
  id: string;
  seq: number;
}

/**
 * A page of the interactions of both cases, in the order that they will have; as of one moment.
 * @throws 422 at `cursor` for a cursor of another list
 */
export const joinedConversation = (
  asked: Asked,
  joining: Joining,
): Promise<Page<KeptInteraction>> =>
  transaction("channels", (session) => read(asked, joining, session), { journaled: false });

async function read(
  asked: Asked,
  joining: Joining,
  session: ClientSession,
): Promise<Page<KeptInteraction>> {
  const { caseId, limit, cursor } = asked;
  const after = cursor ? Number(decodeCursor(cursor, ["number"])[0]) : 0;
  const places = await placesOf(asked, joining, session);
  const page = places.filter(({ seq }) => seq > after).slice(0, limit + 1);
  const shown = page.slice(0, limit);
  const last = shown.at(-1);
  const ids = shown.map(({ id }) => id);
  const rows = await interactions
    .native()
    .find({ _id: { $in: ids } }, { session })
    .toArray();
  const byId = new Map(rows.map((row) => [row._id, entityOf<KeptInteraction>(row)]));
  const named = { caseId, caseNumber: joining.survivorNumber };
  return {
    items: shown.flatMap(({ id, seq }) => {
      const one = byId.get(id);
      return one ? [{ ...one, ...named, seq }] : [];
    }),
    nextCursor: last && page.length > limit ? encodeCursor([last.seq]) : null,
    ...(asked.count ? { total: places.length } : {}),
  };
}

/** All places of the conversation, of one channel or of all. */
async function placesOf(
  { caseId, channelId }: Asked,
  joining: Joining,
  session: ClientSession,
): Promise<Place[]> {
  const { survivor, absorbed } = await bothOf(caseId, joining, session);
  const since = joining.survivorCount + joining.absorbedCount;
  const isMoved = await wasMoved(joining.absorbedId, session);
  const order = isMoved ? [] : joinedOrder(survivor, absorbed, joining);
  const own = isMoved ? {} : { seq: { $gt: since } };
  const rest = await interactions
    .native()
    .find({ caseId, ...own }, { session, projection: { seq: 1, channelId: 1 } })
    .sort({ seq: 1 })
    .toArray();
  const places = [
    ...order.map(({ one, seq }) => ({ ...one, seq })),
    ...rest.map(({ _id, seq = 0, channelId: at }) => ({ id: _id, seq, channelId: at })),
  ];
  return channelId ? places.filter((place) => place.channelId === channelId) : places;
}
