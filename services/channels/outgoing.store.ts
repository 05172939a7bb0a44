/** What is on its way out: how far it came is kept beside the interaction, until that is settled. */
import type { ClientSession } from "mongodb";
import { id, instant, oneOf, optional, whole, type Received } from "#shared/fields.ts";
import { collection, entityOf, keptOf } from "#shared/mongo/store.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

/** By whom it is taken out of the house: our own mail worker, or the channel's connector. */
type Carrier = "mail" | "connector";

/** An interaction that is to go out, under its id. */
export type Outgoing = Received<typeof Outgoing>;
const Outgoing = {
  id,
  caseId: id,
  channelId: id,
  by: oneOf<Carrier>("mail", "connector"),
  /** `unfiled`: it has no place in the conversation yet. */
  state: oneOf("unfiled", "queued", "sending"),
  attempts: whole(0, 1_000),
  /** When it is due, or where a connector has it, due again. */
  nextAt: instant,
  /** Whose turn it is, since when, and since when the mail server may have it. */
  claim: optional(id),
  claimedAt: optional(instant),
  handedOverAt: optional(instant),
};

export const outgoing = collection("channels", "outgoing", Outgoing, [
  { key: { by: 1, state: 1, nextAt: 1 } },
  { key: { channelId: 1, nextAt: 1, _id: 1 } },
]);

/** Keeps what a user sends, before it has a place in the conversation. */
export async function add(
  interaction: KeptInteraction,
  { caseId, by }: Pick<Outgoing, "caseId" | "by">,
  session: ClientSession,
): Promise<void> {
  const { id: _id, channelId, at: nextAt } = interaction;
  await interactions.native().insertOne(keptOf<KeptInteraction>(interaction), { session });
  await outgoing
    .native()
    .insertOne({ _id, caseId, channelId, by, state: "unfiled", attempts: 0, nextAt }, { session });
}

/** What waits for its place in the conversation since before a moment, oldest first. */
export async function unfiled(before: Date, limit: number): Promise<Outgoing[]> {
  const rows = await outgoing
    .native()
    .find({ by: { $in: ["mail", "connector"] }, state: "unfiled", nextAt: { $lt: before } })
    .sort({ nextAt: 1 })
    .limit(limit)
    .toArray();
  return rows.map((row) => entityOf<Outgoing>(row));
}

export async function findUnfiled(interactionId: string): Promise<Outgoing | undefined> {
  const row = await outgoing.native().findOne({ _id: interactionId, state: "unfiled" });
  return row ? entityOf<Outgoing>(row) : undefined;
}

export type Place = Pick<KeptInteraction, "caseId" | "caseNumber" | "seq" | "customerId">;

/** Gives it its place, from where it is due at once; false where that was done before. */
export async function place(
  interactionId: string,
  { caseId, ...rest }: Place & { caseId: string },
  session: ClientSession,
): Promise<boolean> {
  const { matchedCount } = await outgoing
    .native()
    .updateOne(
      { _id: interactionId, state: "unfiled" },
      { $set: { state: "queued", caseId, nextAt: new Date() } },
      { session },
    );
  if (matchedCount === 0) return false;
  await interactions
    .native()
    .updateOne({ _id: interactionId }, { $set: { caseId, ...rest } }, { session });
  return true;
}

/** Takes back what got no place, as if it had never been sent; false where it has one. */
export async function withdraw(interactionId: string, session: ClientSession): Promise<boolean> {
  const { deletedCount } = await outgoing
    .native()
    .deleteOne({ _id: interactionId, state: "unfiled" }, { session });
  if (deletedCount > 0) await interactions.native().deleteOne({ _id: interactionId }, { session });
  return deletedCount > 0;
}

export const isOnItsWay = async (id: string, session: ClientSession): Promise<boolean> =>
  (await outgoing.native().countDocuments({ _id: id }, { session })) > 0;

/** Ends the way of what got no place, and says why; false where it has one. */
export async function giveUp(
  interactionId: string,
  failure: string,
  session: ClientSession,
): Promise<boolean> {
  const { deletedCount } = await outgoing
    .native()
    .deleteOne({ _id: interactionId, state: "unfiled" }, { session });
  if (deletedCount === 0) return false;
  const state = "failed" as const;
  await interactions
    .native()
    .updateOne({ _id: interactionId }, { $set: { state, failure } }, { session });
  return true;
}

/** Puts back on its way what failed or is uncertain. */
export async function requeue(
  { id: _id, caseId, channelId, by }: Pick<Outgoing, "id" | "caseId" | "channelId" | "by">,
  session: ClientSession,
): Promise<void> {
  await outgoing
    .native()
    .insertOne(
      { _id, caseId, channelId, by, state: "queued", attempts: 0, nextAt: new Date() },
      { session },
    );
  await interactions
    .native()
    .updateOne({ _id }, { $set: { state: "queued" }, $unset: { failure: "" } }, { session });
}

/** The interaction that users see, as it is kept. */
export async function interactionOf(
  interactionId: string,
  session?: ClientSession,
): Promise<KeptInteraction | undefined> {
  const row = await interactions
    .native()
    .findOne({ _id: interactionId }, session ? { session } : undefined);
  return row ? entityOf<KeptInteraction>(row) : undefined;
}

/** The last message of a case that came by a channel, or this one of the case. */
export async function answered(
  { caseId, channelId }: { caseId: string; channelId: string },
  interactionId?: string,
): Promise<KeptInteraction | undefined> {
  const which = interactionId
    ? { _id: interactionId }
    : { channelId, direction: "inbound" as const };
  const [row] = await interactions
    .native()
    .find({ caseId, seq: { $gt: 0 }, ...which })
    .sort({ seq: -1 })
    .limit(1)
    .toArray();
  return row ? entityOf<KeptInteraction>(row) : undefined;
}
