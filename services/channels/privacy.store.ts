/** The messages of a person who asks for them, or is erased, and what is remembered of those (B08). */
import { hash } from "node:crypto";
import type { Subject } from "#shared/contracts/privacy.ts";
import { id, instant } from "#shared/fields.ts";
import { erasePersonal } from "#shared/mongo/erasing.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, type Kept } from "#shared/mongo/store.ts";
import { interactions, KeptInteraction } from "./tables.store.ts";

type Row = Kept<KeptInteraction>;
type Named = Pick<KeptInteraction, "channelId" | "externalId">;

const rememberedDays = 90;

/**
 * Messages that were erased, by a hash of channel and external id: a connector's own id of a message
 * may name its sender, and yet a repeat must have no second effect (P2).
 */
const erasedMessages = collection(
  "channels",
  "erasedMessages",
  { id, interactionId: id, at: instant },
  [{ key: { at: 1 }, expireAfterSeconds: rememberedDays * 86_400 }],
);

const hashOf = ({ channelId, externalId = "" }: Named): string =>
  hash("sha256", `${channelId}\n${externalId}`, "base64url");

/** Those of these messages that came before and were erased: the interaction of each, by its place. */
export async function erasedAmong(records: readonly Named[]): Promise<Map<number, string>> {
  const hashes = records.map(hashOf);
  const found = await erasedMessages
    .native()
    .find({ _id: { $in: hashes } })
    .toArray();
  const byHash = new Map(found.map((one) => [one._id, one.interactionId]));
  return new Map(
    hashes.flatMap((one, place) => {
      const interactionId = byHash.get(one);
      return interactionId ? [[place, interactionId] as const] : [];
    }),
  );
}

/**
 * The messages of these customers, those that came from the addresses but never got to a customer,
 * and those that went to the addresses from cases of others; latest first.
 */
export const ofPerson = (
  { customerIds, addresses }: Subject,
  paging: { limit: number; cursor?: string | undefined },
): Promise<Page<Row>> =>
  findPage(interactions.native(), {
    filter: {
      $or: [
        { customerId: { $in: customerIds } },
        { senderKey: { $in: addresses } },
        { otherKeys: { $in: addresses } },
      ],
    },
    sort: [
      ["at", -1],
      ["_id", -1],
    ],
    ...paging,
  });

/** The messages and calls of these cases, in order. */
export const ofCases = (
  caseIds: string[],
  paging: { limit: number; cursor?: string | undefined; count?: boolean | undefined },
): Promise<Page<Row>> =>
  findPage(interactions.native(), {
    filter: { caseId: { $in: caseIds } },
    sort: [
      ["caseId", 1],
      ["seq", 1],
    ],
    ...paging,
  });

/**
 * Leaves of these messages what is not personal; answers how many still held something.
 * @param owner whose those are that got to no customer
 */
export async function eraseInteractions(rows: Row[], owner?: string): Promise<number> {
  const named = rows.filter(({ externalId }) => externalId !== undefined);
  if (named.length > 0) {
    await erasedMessages.native().bulkWrite(
      named.map((row) => ({
        updateOne: {
          filter: { _id: hashOf(row) },
          update: { $set: { interactionId: row._id, at: new Date() } },
          upsert: true,
        },
      })),
    );
  }
  // what never got to its customer is found by it from now on
  return erasePersonal(interactions, KeptInteraction, rows, (left) => ({
    ...(owner === undefined ? {} : { customerId: owner }),
    ...left,
  }));
}
