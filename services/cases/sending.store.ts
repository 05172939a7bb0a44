/** Where what is sent from a case is counted, and when it was first followed up. */
import type { ClientSession } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import { cases, filings } from "./tables.store.ts";

/** Where an interaction was filed before. */
export async function find(
  interactionId: string,
  session: ClientSession,
): Promise<{ caseId: string; seq: number } | undefined> {
  const found = await filings.native().findOne({ _id: interactionId }, { session });
  return found ? { caseId: found.caseId, seq: found.seq } : undefined;
}

/**
 * Adds it to the conversation; answers its `seq`. As with messages that come in the version stays,
 * and who answers has read what there was.
 */
export async function add(
  { id, number, interactionCount }: Case,
  sent: NonNullable<Case["lastInteraction"]>,
  session: ClientSession,
): Promise<number> {
  const seq = interactionCount + 1;
  await cases
    .native()
    .updateOne(
      { _id: id },
      { $set: { interactionCount: seq, unreadCount: 0, lastInteraction: sent } },
      { session },
    );
  await filings
    .native()
    .insertOne(
      { _id: sent.id, caseId: id, number, seq, isNew: false, at: new Date() },
      { session },
    );
  return seq;
}

/**
 * Lets the customer's messages by the channel join a case that holds no place for any, where no
 * other case holds that one (D01).
 */
export async function takeAnswers(
  { id, customerId }: Case,
  { channelId, campaignId }: { channelId: string; campaignId: string },
  session: ClientSession,
): Promise<void> {
  const slot = `${customerId}|${campaignId}|channel|${channelId}`;
  if (await cases.native().findOne({ slot }, { session, projection: { _id: 1 } })) return;
  await cases
    .native()
    .updateOne({ _id: id, slot: { $exists: false } }, { $set: { slot } }, { session });
}

/** Notes when a case was first followed up by e-mail, on the one that it leads to (F133). */
export async function markFollowedUp(
  caseId: string,
  at: Date,
  session: ClientSession,
): Promise<void> {
  const found = await cases
    .native()
    .findOne({ _id: caseId }, { session, projection: { mergedInto: 1 } });
  const _id = found?.mergedInto ?? caseId;
  await cases
    .native()
    .updateOne(
      { _id, followUpSentAt: { $exists: false } },
      { $set: { followUpSentAt: at } },
      { session },
    );
}
