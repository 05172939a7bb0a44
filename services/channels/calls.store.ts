/** Where calls are found by their connector's own id, and kept as they go on. */
import type { ClientSession } from "mongodb";
import type { Call } from "#shared/contracts/channels/calls.ts";
import { notFound } from "#shared/errors.ts";
import { entityOf } from "#shared/mongo/store.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

export type KeptCall = KeptInteraction & { call: Call };

/** @throws 404 NOT_FOUND, also for a message */
export async function getCall(
  { channelId, externalId }: { channelId: string; externalId: string },
  session: ClientSession,
): Promise<KeptCall> {
  const row = await interactions.native().findOne({ channelId, externalId }, { session });
  if (!row?.call) throw notFound("call", externalId);
  return entityOf<KeptInteraction>(row) as KeptCall;
}

export async function keepCall(id: string, call: Call, session: ClientSession): Promise<void> {
  await interactions.native().updateOne({ _id: id }, { $set: { call } }, { session });
}
