/**
 * Gives what users send its place in the conversation (F160). It is kept first, then filed with its
 * case, then queued: each step may be repeated, and what a crash leaves is finished by a sweep.
 */
import type { Logger } from "moleculer";
import type { Caller, Meta } from "#shared/bus.ts";
import type { SentFiled } from "#shared/contracts/cases/sending.ts";
import { system } from "#shared/actor.ts";
import { conflict, isRefusal, type Refusal } from "#shared/errors.ts";
import { faultOf } from "#shared/events/lease.ts";
import { isAbsence } from "#shared/faults.ts";
import { repeat, type Job } from "#shared/jobs.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { capabilitiesOf } from "./channel-types.rules.ts";
import { describeChannels } from "./channels.store.ts";
import { endAbandoned, tellQueued } from "./progress.ts";
import * as store from "./outgoing.store.ts";
import type { KeptInteraction } from "./tables.store.ts";
import { previewOf } from "./receiving.rules.ts";

/**
 * Files what is kept; answers it as it stands then, which is without a place while cases is away.
 * @throws 409 CASE_CLOSED where the case was closed meanwhile: then nothing was sent
 */
export async function file(caller: Caller, interactionId: string): Promise<KeptInteraction> {
  const waiting = await store.findUnfiled(interactionId);
  const kept = await store.interactionOf(interactionId);
  if (!kept) throw conflict("CASE_CLOSED", "The case was closed before this was sent");
  if (!waiting) return kept;
  try {
    await place(kept, await filed(caller, kept, waiting.caseId));
  } catch (error) {
    if (isAbsence(error)) return kept;
    if (isShut(error)) await bySystem((session) => store.withdraw(interactionId, session));
    throw error;
  }
  return (await store.interactionOf(interactionId)) ?? kept;
}

/** The case takes nothing any more. */
const isShut = (error: unknown): error is Error & Refusal =>
  isRefusal(error) && (error.code === 409 || error.type === "NOT_FOUND");

const bySystem = <R>(work: (session: Tx<"channels">["session"]) => Promise<R>): Promise<R> =>
  write("channels", { meta: { actor: system } }, ({ session }) => work(session));

async function filed(caller: Caller, sent: KeptInteraction, caseId: string): Promise<SentFiled> {
  const { id: interactionId, channelId, author = "", at, otherKeys } = sent;
  const [channel] = await describeChannels([channelId]);
  const threads = channel ? capabilitiesOf(channel.type).threads : true;
  const filing = {
    ...{ interactionId, caseId, channelId, author, at, preview: previewOf(sent) },
    channelCampaignId: channel?.campaignId ?? sent.campaignId,
    takesAnswers: !threads && !otherKeys,
  };
  return caller.call("cases.fileSent", filing, { meta: asAuthor(author) });
}

const asAuthor = (id: string): Meta => ({ actor: { kind: "user", id, permissions: [] } });

async function place(sent: KeptInteraction, at: SentFiled): Promise<void> {
  const { id, author = "", kind } = sent;
  const { caseId, number: caseNumber, seq, customerId } = at;
  await write("channels", { meta: asAuthor(author) }, async (tx) => {
    const placed = { caseId, caseNumber, seq, customerId };
    if (!(await store.place(id, placed, tx.session))) return;
    await tellQueued(
      tx,
      { ...sent, ...placed },
      { kind: kind === "call" ? "call" : "message", author },
    );
  });
}

/** Younger ones may still be under way in the process that took them. */
const ripeMs = 5_000;
const idleMs = 1_000;
const batch = 200;

/** Finishes what was left: messages without a place, and those that no connector tells of. */
export function startSentSweeper(caller: Caller, logger: Logger): Job {
  return repeat(
    async () => {
      await sweep().catch((error: unknown) => {
        logger.warn("What was sent could not be looked after", faultOf(error));
      });
      return idleMs;
    },
    { firstMs: 0 },
  );

  async function sweep(): Promise<void> {
    for (const left of await store.unfiled(new Date(Date.now() - ripeMs), batch)) {
      await finish(caller, left).catch((error: unknown) => {
        logger.warn("What was sent got no place yet", { id: left.id, ...faultOf(error) });
      });
    }
    await endAbandoned(new Date(), batch);
  }
}

/** Who sent it heard that it was kept: where it can get no place any more, that stays to be seen. */
async function finish(caller: Caller, { id, caseId }: store.Outgoing): Promise<void> {
  const sent = await store.interactionOf(id);
  if (!sent) return;
  try {
    await place(sent, await filed(caller, sent, caseId));
  } catch (error) {
    if (!isShut(error)) throw error;
    await bySystem((session) => store.giveUp(id, error.message.slice(0, 500), session));
  }
}
