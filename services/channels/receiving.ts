/** The actions by which messages come in and are read, and the sweeper behind them (P1). */
import type { Broker, Ctx } from "#shared/bus.ts";
import type { Outcome, ReceivedMessage } from "#shared/contracts/interactions.ts";
import { config } from "#shared/config.ts";
import { isRefusal, notFound } from "#shared/errors.ts";
import { groupCommit } from "#shared/group-commit.ts";
import { newId } from "#shared/ids.ts";
import type { Job } from "#shared/jobs.ts";
import { admit } from "./admitting.rules.ts";
import { capabilitiesOf } from "./channel-types.rules.ts";
import { channelsAtHand } from "./channels.store.ts";
import { recordAll, type KeptInteraction } from "./interactions.store.ts";
import { pipeline, type Finish } from "./pipeline.ts";
import * as rules from "./receiving.rules.ts";
import { startSweeper } from "./sweeper.ts";

interface Incoming {
  channelId: string;
  message: ReceivedMessage;
}

const record = groupCommit(recordIncoming, {
  maxBatch: 256,
  maxWaiting: 5_000,
  lanes: 1,
  gatherMs: 2,
});

let finish: Finish | undefined;
let sweeper: Job | undefined;

interface Posted extends ReceivedMessage {
  id: string;
  waitMs?: number;
}

export const receiving = {
  receive: (ctx: Ctx<Posted>): Promise<Outcome> => receive(ctx.params),

  /** The same for messages that came together; what is refused fails nobody else. */
  receiveMany: (ctx: Ctx<{ messages: Posted[] }>) =>
    Promise.all(
      ctx.params.messages.map(async (posted) => {
        try {
          return { outcome: await receive(posted) };
        } catch (error) {
          if (!isRefusal(error)) throw error;
          const { type, code, message, data } = error;
          return { refusal: { type, code, message, data } };
        }
      }),
    ),

  start(broker: Broker): void {
    finish = pipeline(broker);
    sweeper = startSweeper(finish, broker.logger);
  },

  async stop(): Promise<void> {
    await sweeper?.stop();
  },
};

/** Records the message, then answers with its case, or that it is recorded when that takes long. */
async function receive(posted: Posted): Promise<Outcome> {
  const { id: channelId, waitMs = config().INBOUND_WAIT_MS, ...message } = posted;
  const { kept, duplicate } = await record({ channelId, message });
  if (kept.state !== "received") return rules.outcomeOf(kept, duplicate);
  const settled = await within(waitMs, (finish as Finish)(kept, { isAwaited: waitMs > 0 }));
  return rules.outcomeOf(settled ?? kept, duplicate);
}

/** Bad and doubled messages are answered one by one; the others are recorded together. */
async function recordIncoming(
  batch: Incoming[],
): Promise<({ kept: KeptInteraction; duplicate: boolean } | Error)[]> {
  const channels = await channelsAtHand([...new Set(batch.map(({ channelId }) => channelId))]);
  const at = new Date();
  const records = batch.map(({ channelId, message }): KeptInteraction | Error => {
    try {
      const channel = channels.get(channelId);
      if (!channel) return notFound("channel", channelId);
      admit(message, channel, capabilitiesOf(channel.type));
      return rules.recordOf(message, channel, newId(), at);
    } catch (refusal) {
      return refusal as Error;
    }
  });
  const fit = records.filter((one): one is KeptInteraction => !(one instanceof Error));
  const kept = new Map((await recordAll(fit)).map((one, index) => [fit[index], one]));
  return records.map((one) => {
    if (one instanceof Error) return one;
    const there = kept.get(one) as KeptInteraction;
    return { kept: there, duplicate: there.id !== one.id };
  });
}

/** What was promised if it comes in time; a neighbour that is away is waited for by the sweeper. */
async function within<T>(ms: number, promised: Promise<T>): Promise<T | undefined> {
  const answered = promised.catch(() => undefined);
  if (ms === 0) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
