/** Cases that are made out of a session or call: whose they are, and what is kept of it (F137, F070). */
import { hash } from "node:crypto";
import { Readable } from "node:stream";
import type { Broker, Caller, Meta } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { isRefusal, readOnly } from "#shared/errors.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import type { Tx } from "#shared/mongo/write.ts";
import * as store from "./cases.store.ts";
import * as rules from "./continuing.rules.ts";
import type { Source } from "./continuing.rules.ts";
import { relate } from "./relations.ts";
import { sightOf } from "./scopes.ts";

/**
 * The interaction, with the case that it is in, where the user sees that.
 * @throws 404 NOT_FOUND, alike for an interaction that is not there and one of others; 403 READ_ONLY;
 *   422 at `interactionId` for one that is in no case
 */
export async function sourceOf(
  ctx: Caller & { meta: Meta },
  interactionId: string,
): Promise<Source> {
  const { caseId, channelId } = await ctx.call("channels.getInteraction", { id: interactionId });
  if (!caseId) throw rules.inNoCase();
  const { readable, shown } = await sightOf(ctx);
  const kase = shown(await store.getLedTo(caseId, readable));
  if (kase.readOnly) throw readOnly("case", kase.id);
  return { interactionId, channelId, kase };
}

/** What a case has of the interaction that it is made out of. */
export const originOf = ({ interactionId, channelId }: Source) => ({ interactionId, channelId });

/**
 * Relates a new case to the one that it goes on from, and tells that its transcript is to be kept.
 * @throws 409 TOO_MANY_RELATIONS
 */
export async function continueFrom(
  tx: Tx<"cases">,
  { id, version, campaignId, customerId, createdAt: at, createdBy: by = "" }: Case,
  { interactionId, kase: source }: Source,
): Promise<void> {
  await relate(tx, { caseId: id, relatedCaseId: source.id }, { at, by });
  tx.announce({
    event: "cases.continued",
    aggregate: { kind: "case", id, version },
    data: { id, campaignId, customerId, interactionId },
  });
}

/** Bytes of a transcript, whatever its alphabet. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Attaches to a case that was made out of a session what was said in it, on behalf of who made the
 * case; twice is as once. Where the case has been merged since, its survivor gets the file.
 * @throws 503 where a neighbour is away: the event comes again
 */
export async function keepTranscript(
  broker: Broker,
  { id: requestId, actor, data }: DomainEvent<"cases.continued">,
): Promise<void> {
  const meta: Meta = { actor: { ...actor, permissions: [] }, requestId };
  const kase = await store.getLedTo(data.id, {});
  const { language } = await broker.call("campaigns.describe", { id: data.campaignId }, { meta });
  const said = { interactionId: data.interactionId, language };
  const { text } = await broker.call("channels.transcribe", said, { meta });
  const file = {
    name: rules.transcriptName(kase, language),
    declaredType: "text/plain",
    uploadKey: hash("sha256", `transcript\n${data.id}`),
    maxBytes: mostBytes,
  };
  const stream = Readable.from([Buffer.from(text)]);
  const { id } = await broker.call("files.store", file, { meta, stream });
  const owner = { ownerKind: "case", ownerId: kase.id, caseId: kase.id };
  const claim = { ids: [id], ...owner, customerId: kase.customerId };
  await broker.call("files.claim", claim, { meta }).catch((error: unknown) => {
    if (isRefusal(error) && error.type === "FILE_CLAIMED") return; // kept before, and moved by a merge since
    throw error;
  });
}
