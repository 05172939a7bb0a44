/**
 * Gives what users send its place in the conversation (F160). It is kept first, then filed with its
 * case, then queued: each step may be repeated, and what a crash leaves is finished by a sweep.
 */
import type { Logger } from "moleculer";
import { setTimeout as wait } from "node:timers/promises";
import type { Caller, Meta } from "#shared/bus.ts";
import type { SentFiled } from "#shared/contracts/cases/sending.ts";
import { isRefusal, type Refusal } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { write } from "#shared/mongo/write.ts";
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
  const interaction = (await store.interactionOf(interactionId)) as KeptInteraction;
  if (!waiting) return interaction;
  try {
    await place(interaction, await filed(caller, interaction, waiting.caseId));
  } catch (error) {
    if (isAbsence(error)) return interaction;
    if (isClosed(error)) await withdraw(interaction);
    throw error;
  }
  return (await store.interactionOf(interactionId)) as KeptInteraction;
}

const isClosed = (error: unknown): error is Error & Refusal =>
  isRefusal(error) && error.code === 409;

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

const withdraw = ({ id, author = "" }: KeptInteraction): Promise<boolean> =>
  write("channels", { meta: asAuthor(author) }, ({ session }) => store.withdraw(id, session));

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
export function startSentSweeper(caller: Caller, logger: Logger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = run();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sweep().catch((error: unknown) => {
        if (!stopping.signal.aborted) {
          logger.warn("What was sent could not be looked after", { name: (error as Error).name });
        }
      });
      const pauseMs = idleMs * (0.75 + Math.random() / 2);
      await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function sweep(): Promise<void> {
    for (const { id } of await store.unfiled(new Date(Date.now() - ripeMs), batch)) {
      // who sent it is told by its absence: the case was closed before it got there
      await file(caller, id).catch((error: unknown) => {
        if (!isClosed(error)) throw error;
      });
    }
    await endAbandoned(new Date(), batch);
  }
}
