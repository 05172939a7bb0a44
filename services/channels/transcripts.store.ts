/** Where the session of an interaction is read. */
import type { Filter } from "mongodb";
import { notFound } from "#shared/errors.ts";
import { longestMs } from "#shared/mongo/pages.ts";
import { entityOf, type Kept } from "#shared/mongo/store.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

/** Interactions may be long: read a few at a time. */
const atOnce = 20;

/**
 * The session of an interaction: it, and what came before it in its case, on its channel and in its
 * thread, latest first.
 * @throws 404 NOT_FOUND
 */
export async function* sessionUpTo(interactionId: string): AsyncGenerator<KeptInteraction> {
  const last = await interactions.native().findOne({ _id: interactionId });
  if (!last) throw notFound("interaction", interactionId);
  const { caseId, seq, channelId, threadKey } = last;
  if (!caseId || seq === undefined) {
    yield entityOf<KeptInteraction>(last);
    return;
  }
  const thread = threadKey === undefined ? {} : { threadKey };
  const filter: Filter<Kept<KeptInteraction>> = {
    caseId,
    seq: { $lte: seq },
    channelId,
    ...thread,
  };
  const found = interactions
    .native()
    .find(filter, { batchSize: atOnce, maxTimeMS: longestMs })
    .sort({ seq: -1 });
  for await (const row of found) yield entityOf<KeptInteraction>(row);
}
